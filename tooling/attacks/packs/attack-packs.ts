import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { openStudio } from '../../../main/studio.ts';
import { readAttackOptions } from '../attack-options.ts';
import { AttackReport } from '../attack-report.ts';
import { mutatePack } from './mutate-pack.ts';
import { RandomChoice } from '../random-choice.ts';

/**
 * `npm run attack:packs -- --count 1000 --seed 1`: spoils the embedded pack in as many ways and pushes each through every way in. No answer
 * may be `internal`, nothing may hang, and nothing may end the host.
 */
const { count, seed, isStopped, dataFolder } = readAttackOptions(100);

const embedded = fileURLToPath(new URL('../../../models/packs/tiny-scenes', import.meta.url));
const ID = 'hostile';

/** A sound copy under another id, without what is only looked at, from which every spoiled one is made. */
function makeBase(folder: string): void {
  const unneeded = /^(grids|logs)\//;
  const manifest = z
    .looseObject({ files: z.array(z.looseObject({ path: z.string() })) })
    .parse(JSON.parse(readFileSync(join(embedded, 'pack.json'), 'utf8')));
  const files = manifest.files.filter(({ path }) => !unneeded.test(path));
  for (const { path } of files) cpSync(join(embedded, path), join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'pack.json'), JSON.stringify({ ...manifest, id: ID, files }));
}

async function runJob(client: StudioClient, request: JobRequest): Promise<Job> {
  const { id: jobId } = await client.jobs.submit(request);
  for (;;) {
    const job = await client.jobs.get({ jobId });
    if (job.endedMs !== null) return job;
    await wait(20);
  }
}

async function pushThrough(client: StudioClient, imageSha256: string, how: string, report: AttackReport): Promise<void> {
  const call = <Value>(name: string, made: () => Promise<Value>): Promise<Value | undefined> =>
    report.count(`${name}: ${how}`, made);
  await call('list', () => client.packs.list());
  await call('overview', () => client.packs.overview());
  await call('info', () => client.packs.info({ packId: ID }));
  await call('verify', () => client.packs.verify({ packId: ID }));
  await call('measurements', () => client.packs.measurements({ packId: ID }));
  await call('sample', () => client.images.addSample({ packId: ID, file: '1-pig.png' }));
  await call('text', () => client.prompts.create({ packId: ID, text: 'a red fox' }));
  const settings = { steps: 2, seed: 7 };
  const requests: JobRequest[] = [
    { kind: 'encode', packId: ID, imageSha256s: [imageSha256], lengths: [5] },
    { kind: 'generate', packId: ID, prompt: { type: 'text', text: 'a pig' }, settings, originalSha256: imageSha256, parents: [] },
    {
      kind: 'generate',
      packId: ID,
      prompt: { type: 'text', text: 'a pig' },
      settings: { ...settings, init: { imageSha256, strength: 0.5 } },
      parents: [],
    },
  ];
  for (const request of requests) {
    const job = await call(request.kind, () => runJob(client, request));
    if (job?.error) report.failed(`${request.kind}: ${how}`, job.error);
    if (job?.result?.kind === 'encode') {
      for (const { error } of job.result.images) if (error !== null) report.failed(`${request.kind}: ${how}`, error);
    }
    if (job?.error?.code === 'engine-unavailable') await client.studio.restartEngine();
  }
}

const base = `${dataFolder}-base`;
makeBase(base);
mkdirSync(join(dataFolder, 'packs'), { recursive: true });
const report = new AttackReport();
report.watchProcess();
let done = 0;
const studio = await openStudio({ dataFolder, device: 'cpu' });
try {
  const sample = await studio.client.images.addSample({ packId: 'tiny-scenes', file: 'samples/1-pig.png' });
  if (sample.kind !== 'picture') throw new Error('a sample is a picture');
  const choice = new RandomChoice(seed);
  for (; done < count && !isStopped(); done += 1) {
    const folder = join(dataFolder, 'packs', ID);
    rmSync(folder, { recursive: true, force: true });
    cpSync(base, folder, { recursive: true });
    const how = `pack ${done}, ${mutatePack(folder, choice)}`;
    await pushThrough(studio.client, sample.image.sha256, how, report);
  }
} finally {
  await studio.close();
}
process.stdout.write(`${done} packs, seed ${seed}\n${report.summary()}\n`);
process.exit(report.isClean ? 0 : 1);
