import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { repeatableRandom, withSeed } from '../../helpers/repeatable-random.ts';
import { fillCompileCache } from '../library/fill-compile-cache.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { SAMPLE_RESULT } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

const SCRIPT = join(import.meta.dirname, 'run-jobs-until-killed.ts');
const KILLS = 20;

async function workAndKill(file: string, env: NodeJS.ProcessEnv, random: () => number, waitForFirst: boolean): Promise<string[]> {
  const child = spawn(process.execPath, [SCRIPT, file], { stdio: ['ignore', 'pipe', 'inherit'], env: withSeed(env, random) });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child.stdout, 'data');
  // On a busy machine most would die before they told of anything; half of them are let tell once.
  if (waitForFirst && !output.trimEnd().includes('\n')) await once(child.stdout, 'data');
  await setTimeout(5 + random() * 70);
  child.kill('SIGKILL');
  await closed;
  return output.slice(0, output.lastIndexOf('\n')).split('\n');
}

test('a queue killed again and again accounts for every job it took', { timeout: 300_000 }, async () => {
  const file = join(makeTemporaryFolder(), 'jobs.sqlite');
  const env = fillCompileCache(SCRIPT, [join(makeTemporaryFolder(), 'jobs.sqlite'), 'once']);
  const random = repeatableRandom();
  const told: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) told.push(...(await workAndKill(file, env, random, kill % 2 === 1)));
  const idsTold = (what: string): string[] =>
    told.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
  const submitted = idsTold('submitted');
  expect(submitted.length).toBeGreaterThanOrEqual(KILLS / 2);

  const queue = openJobQueue({
    file,
    clock: Date.now,
    log: () => undefined,
    needsOf: () => ({ lane: 'device' }),
    run: () => Promise.resolve(SAMPLE_RESULT),
  });
  onTestFinished(() => queue.close());
  expect(queue.problems).toEqual([]);
  // What was told to be done had been stored, and is not done a second time.
  for (const id of new Set(idsTold('done'))) expect(queue.get(id)).toMatchObject({ state: 'done', result: SAMPLE_RESULT });
  const waiting = queue.list().filter(({ state }) => state === 'queued');
  queue.start();
  await untilIdle(queue);

  expect(queue.list().map(({ id }) => id)).toEqual(expect.arrayContaining(submitted));
  for (const job of queue.list()) {
    expect(['done', 'failed']).toContain(job.state);
    expect(job.attempts).toBeGreaterThanOrEqual(1);
    expect(job.attempts).toBeLessThanOrEqual(2);
    // Only what had been running at two deaths is given up.
    if (job.state === 'failed') expect(job).toMatchObject({ attempts: 2, error: { code: 'engine-crashed' } });
  }
  for (const { id } of waiting) expect(queue.get(id).state).toBe('done');
});
