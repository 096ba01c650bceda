import { setTimeout as wait } from 'node:timers/promises';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import { AttackReport } from '../attack-report.ts';
import { readAttackOptions } from '../attack-options.ts';
import { Host } from '../host.ts';
import { RandomChoice } from '../random-choice.ts';
import { randomRequest } from './random-request.ts';
import type { Known } from './random-value.ts';

/**
 * `npm run attack:requests -- --count 20000 --seed 1`: asks a host over HTTP for every method of the contract, with arguments that
 * follow its schema by and large, spoilt here and there, or no JSON at all. No answer may be `internal`, nothing may hang, nothing may
 * end the host, and its memory stays within bounds (Linux).
 */
const { count, seed, isStopped, dataFolder } = readAttackOptions(2000);

/** Requests on their way at a time. */
const lanes = 4;
/** Jobs and batches that were made are ended this often, so that the attack is on the methods and not on the processor. */
const endJobsEvery = 25;
const mostMegabytes = 600;
const mostKnown = 60;

const report = new AttackReport();
const texts: string[] = ['tiny-scenes', 'samples/1-pig.png', 'hill'];
const documents: unknown[] = [];
const known: Known = { texts, examples: new Map([[promptDocumentSchema, documents]]) };

async function endJobs({ client }: Host): Promise<void> {
  for (const { id } of await client.batches.list()) await client.batches.remove({ batchId: id }).catch(() => undefined);
  for (const { id, endedMs } of await client.jobs.list())
    if (endedMs === null) await client.jobs.cancel({ jobId: id }).catch(() => undefined);
}

/** @throws what the host said, where it is a failure */
async function ask(host: Host, request: ReturnType<typeof randomRequest>): Promise<unknown> {
  const { status, body } = await host.send(request.path, request);
  const text = body.toString();
  if (status < 400) return request.path.startsWith('/rpc/') && text.startsWith('{') ? JSON.parse(text) : undefined;
  if (request.method === 'HEAD') return undefined;
  const failure: unknown = JSON.parse(text);
  throw typeof failure === 'object' && failure !== null && 'json' in failure ? failure.json : failure;
}

/** What was made is known from then on. */
function learn(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('json' in answer)) return;
  const { json } = answer;
  if (typeof json === 'object' && json !== null && 'id' in json && texts.length < mostKnown) texts.push(String(json.id));
}

const host = await Host.start(dataFolder);
let done = 0;
const megabytes: number[] = [];
try {
  const item = await host.client.images.addSample({ packId: 'tiny-scenes', file: 'samples/1-pig.png' });
  texts.push(item.id, ...('image' in item ? [item.image.sha256] : []));
  for (const text of ['a red fox', 'a', 'a (very:1.2) old house, '.repeat(20)])
    documents.push(await host.client.prompts.create({ text }));
  const work = async (lane: number): Promise<void> => {
    const choice = new RandomChoice(seed * lanes + lane);
    while (done < count && !isStopped() && !host.hasEnded) {
      done += 1;
      if (done % endJobsEvery === 0) await endJobs(host);
      if (done % Math.ceil(count / 10) === 0) {
        megabytes.push(host.peakMegabytes());
        process.stdout.write(`${done} requests, peak of the host ${host.peakMegabytes()} MB\n`);
      }
      const request = randomRequest(choice, known);
      learn(await report.count(`${request.name} ${(request.body ?? '').slice(0, 2000)}`, () => ask(host, request)));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  // What was asked for last may still end it.
  await wait(1000);
  if (host.hasEnded) report.deaths += 1;
  else megabytes.push(host.peakMegabytes());
} finally {
  await host.close();
}
const peak = megabytes.at(-1) ?? Number.NaN;
process.stdout.write(
  `${done} requests, seed ${seed}\n${report.summary()}\npeak of the host ${peak} MB (at most ${mostMegabytes})\n`,
);
process.exit(report.isClean && peak <= mostMegabytes ? 0 : 1);
