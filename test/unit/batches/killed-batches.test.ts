import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { repeatableRandom, withSeed } from '../../helpers/repeatable-random.ts';
import { fillCompileCache } from '../library/fill-compile-cache.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-batches-until-killed.ts');
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

test('a list of batches killed again and again accounts for every row it took', { timeout: 300_000 }, async () => {
  const file = join(makeTemporaryFolder(), 'batches.sqlite');
  const env = fillCompileCache(SCRIPT, [join(makeTemporaryFolder(), 'batches.sqlite'), 'once']);
  const random = repeatableRandom();
  const told: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) told.push(...(await workAndKill(file, env, random, kill % 2 === 1)));
  const idsTold = (what: string) => told.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));

  const list = new BatchList({ file, clock: Date.now });
  onTestFinished(() => list.close());
  expect(list.problems).toEqual([]);
  const rows = [...list.read.inOrder('one', 100)].flat();
  const byId = new Map(rows.map((row) => [row.id, row]));
  expect(byId.size).toBe(rows.length);
  expect(idsTold('added').length).toBeGreaterThanOrEqual(KILLS);
  expect([...byId.keys()]).toEqual(expect.arrayContaining(idsTold('added')));
  // What was told had been stored, whole: a row that is done has its text.
  for (const id of idsTold('done')) expect(byId.get(id)).toMatchObject({ state: 'done', texts: [{ text: 'a red fox' }] });
  for (const id of idsTold('failed'))
    expect(byId.get(id)).toMatchObject({ state: 'failed', texts: [], error: { hint: 'Send it again.' } });
  for (const { state, texts } of rows) expect(texts).toHaveLength(state === 'done' ? 1 : 0);
  const counted = { waiting: 0, done: 0, failed: 0, cancelled: 0 };
  for (const { state } of rows) counted[state] += 1;
  expect(list.live('one').counts).toEqual(counted);
});
