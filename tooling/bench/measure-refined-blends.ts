import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { usualRefineBudget } from '../../contract/texts/refine-blend.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, mean } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { blendAll, firstOf, LENGTH, percentOf, SEED, wordsOf } from './measure-redrawn-blends.ts';
import { runJob } from './run-job.ts';

/** Of the pack's samples, the first few: each is refined with each. */
const SAMPLES = 4;

async function textOf(studio: Studio, itemId: string): Promise<PromptDocument> {
  const item = await studio.client.library.get({ itemId });
  if (item.kind !== 'prompt') throw new Error('A text of the matrix is none.');
  return item.prompt;
}

/** The words that the pack reads in the drawing of a text. */
async function hear(studio: Studio, document: PromptDocument): Promise<ReadonlySet<string>> {
  const request = { kind: 'generate' as const, prompt: { type: 'document' as const, document }, settings: { seed: SEED } };
  const { result } = await runJob(studio, request);
  const [drawn] = result?.kind === 'generate' ? result.items : [];
  if (drawn?.kind !== 'generation') throw new Error('Nothing was drawn.');
  const read = await runJob(studio, { kind: 'encode', imageSha256s: [drawn.image.sha256], lengths: [LENGTH] });
  const [image] = read.result?.kind === 'encode' ? read.result.images : [];
  const [heard] = image?.documents ?? [];
  return wordsOf(heard === undefined ? '' : (await studio.client.prompts.inspect({ document: heard.document })).text);
}

/** What refining by the decoder does to the rules' blends of the pack's own pictures. */
export async function measureRefinedBlends({ id: packId, samples }: BenchPack): Promise<BenchRow[]> {
  const studio = await openStudio({ ephemeral: true });
  try {
    const { world } = await studio.client.packs.info({ packId });
    if (world === undefined) throw new Error('The pack does not say what it knows.');
    const objects = world.objects.map(({ word }) => word);
    const { sources, cells } = await blendAll(studio, samples.slice(0, SAMPLES), false);
    const documents = await Promise.all(sources.map(({ textId }) => textOf(studio, textId)));
    const found = [];
    for (const { object, scene, textId } of cells) {
      const [objectDocument, sceneDocument] = [documents[object], documents[scene]];
      if (objectDocument === undefined || sceneDocument === undefined) throw new Error('A cell of no pictures.');
      const texts = { document: await textOf(studio, textId), objectDocument, sceneDocument };
      const { result } = await runJob(studio, { kind: 'refine-blend', ...texts, budget: usualRefineBudget, seed: SEED });
      if (result?.kind !== 'refine-blend') throw new Error('Nothing was refined.');
      const heard = await hear(studio, result.document);
      const thing = firstOf(objects, sources[object]?.text ?? '');
      const backdrop = firstOf(world.backdrops, sources[scene]?.text ?? '');
      const { loss, comparison, checks } = result;
      found.push({
        fall: loss.before - loss.after,
        evaluations: loss.evaluations,
        changed: comparison.counts.inserted,
        isBlend: checks.subject && checks.setting,
        isObjectSeen: thing !== null && heard.has(thing),
        isBackdropSeen: backdrop !== null && heard.has(backdrop),
      });
    }
    const name = `of ${found.length} refined blends`;
    const row = (what: string, unit: string, atLeast: number, value: number): BenchRow =>
      judge({ name: `${name}: ${what}`, unit, atLeast }, value);
    return [
      row('fall of the loss outside of both objects', 'loss', 0, mean(found.map(({ fall }) => fall))),
      row('words changed', 'words', 0, mean(found.map(({ changed }) => changed))),
      row('losses asked for', 'losses', 0, mean(found.map(({ evaluations }) => evaluations))),
      row('pass the checks', '%', 90, percentOf(found.map((one) => one.isBlend))),
      row('A’s object, drawn and read again', '%', 90, percentOf(found.map((one) => one.isObjectSeen))),
      row('B’s backdrop, drawn and read again', '%', 85, percentOf(found.map((one) => one.isBackdropSeen))),
    ];
  } finally {
    await studio.close();
  }
}
