import type { PromptDocument, PromptEdit } from '../../contract/texts/prompt.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';
import { serveStudio } from '../../main/shell/server/serve-studio.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { runJob } from './run-job.ts';

const RUNS = 200;

/** The longest text the samples give, up to 75 tokens. */
async function readLongest(studio: Studio, samples: readonly string[]): Promise<PromptDocument> {
  const documents: PromptDocument[] = [];
  for (const sample of samples) {
    const { image } = await studio.addImage(sample);
    const { result } = await runJob(studio, { kind: 'encode', imageSha256s: [image.sha256], lengths: [75] });
    if (result?.kind === 'encode') documents.push(...result.images.flatMap((one) => one.documents.map((text) => text.document)));
  }
  const [longest] = documents.sort((a, b) => b.slots.length - a.slots.length);
  if (longest === undefined) throw new Error('The pack has no samples.');
  return longest;
}

/** The bytes of one edit as the page sends it and as it is answered, without the headers of HTTP. */
async function bytesOf(origin: string, token: string, document: PromptDocument, edit: PromptEdit): Promise<[number, number]> {
  const body = JSON.stringify({ json: { document, edit } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}/rpc/prompts/edit`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`The edit was answered with ${response.status}.`);
  return [Buffer.byteLength(body), (await response.arrayBuffer()).byteLength];
}

/** An edit of a text of 75 tokens: what travels each way, and the time the core takes for it. */
export async function measureEdit(samples: readonly string[]): Promise<BenchRow[]> {
  const studio = await openStudio({ ephemeral: true });
  const server = await serveStudio({ studio, port: 0 });
  try {
    const document = await readLongest(studio, samples);
    const { text } = await studio.client.prompts.inspect({ document });
    const edits: PromptEdit[] = [
      { type: 'set-text', text: `${text} and a red apple` },
      { type: 'step-weight', slotIds: document.slots.slice(0, 1).map(({ id }) => id), steps: 1 },
    ];
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const [edit] = edits.slice(run % edits.length);
      if (edit === undefined) throw new Error('no edit');
      const started = performance.now();
      await studio.client.prompts.edit({ document, edit });
      times.push(performance.now() - started);
    }
    const bytes = await Promise.all(edits.map((edit) => bytesOf(server.origin, server.token, document, edit)));
    const of = `edit of ${document.slots.length} tokens`;
    return [
      judge({ name: `${of}, sent`, unit: 'kB', atMost: 12 }, Math.max(...bytes.map(([sent]) => sent)) / 1000),
      judge({ name: `${of}, answered`, unit: 'kB', atMost: 12 }, Math.max(...bytes.map(([, answered]) => answered)) / 1000),
      judge({ name: `${of}, time in the core`, unit: 'ms', atMost: 3 }, median(times)),
    ];
  } finally {
    await server.close();
    await studio.close();
  }
}
