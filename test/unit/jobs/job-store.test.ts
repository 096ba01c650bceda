import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makeGate } from './make-gate.ts';
import { openTestQueue, succeed } from './open-test-queue.ts';
import { SAMPLE_RESULT, sampleRequest } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

test('ended jobs are kept over a restart with their results, up to the number to keep, until cleared', async () => {
  const { queue, file } = openTestQueue(succeed, { keepEnded: 3 });
  queue.start();
  const ids = Array.from({ length: 5 }, (_, i) => queue.submit(sampleRequest(`job ${i}`)).id);
  await untilIdle(queue);
  expect(queue.list().map(({ id }) => id)).toEqual(ids.slice(2));
  await queue.close();
  const { queue: again } = openTestQueue(succeed, { file });
  expect(again.list().map(({ id, result }) => [id, result])).toEqual(ids.slice(2).map((id) => [id, SAMPLE_RESULT]));
  expect(again.list({ results: 'none' }).every(({ result }) => result === null)).toBe(true);
  expect(again.clear()).toHaveLength(3);
  expect(again.list()).toEqual([]);
  expect(() => again.get(ids[4] ?? '')).toThrow(expect.objectContaining({ code: 'not-found' }));
});

test('closing stops running jobs, which go on at the next start in their old order', async () => {
  const gate = makeGate();
  const { queue, file } = openTestQueue(gate.run);
  queue.start();
  const ids = ['a', 'b'].map((text) => queue.submit(sampleRequest(text)).id);
  await gate.start(1);
  await queue.close();
  const ran: string[] = [];
  const { queue: again } = openTestQueue(
    (job) => {
      ran.push(job.id);
      return succeed();
    },
    { file },
  );
  expect(again.list().map(({ state, attempts }) => [state, attempts])).toEqual([
    ['queued', 0],
    ['queued', 0],
  ]);
  again.start();
  await untilIdle(again);
  expect(ran).toEqual(ids);
});

test('stored jobs that do not parse fail with a clear error; the others run', async () => {
  const { queue, file } = openTestQueue(succeed);
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => queue.submit(sampleRequest(text)).id);
  await queue.close();
  const database = new Database(file);
  const change = (sql: string, index: number): unknown => database.prepare(`UPDATE jobs SET ${sql} WHERE id = ?`).run(ids[index]);
  change(`request = '{"kind":"generate"'`, 0);
  change(`request = '{"kind":"paint"}'`, 1);
  change("state = 'sleeping'", 2);
  change("attempts = 'many'", 3);
  change("request = x'00ff'", 4);
  database.close();

  const { queue: again } = openTestQueue(succeed, { file });
  expect(again.problems).toHaveLength(5);
  again.start();
  await untilIdle(again);
  expect(again.list().map(({ id, state }) => [id, state])).toEqual([[ids[5], 'done']]);
  for (const id of ids.slice(0, 5)) {
    expect(() => again.get(id)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(id) as string }),
    );
  }
  await again.close();
  const { queue: third } = openTestQueue(succeed, { file });
  expect(third.problems).toEqual([]);
  expect(third.clear()).toHaveLength(6);
});

test('a result that does not parse is no result', async () => {
  const { queue, file } = openTestQueue(succeed);
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await untilIdle(queue);
  const database = new Database(file);
  database.exec(`UPDATE jobs SET result = '{"kind":'`);
  database.close();
  expect(queue.get(id)).toMatchObject({ state: 'done', result: null });
});

test('a file that is no database is put aside and said so', () => {
  const file = join(makeTemporaryFolder(), 'jobs.sqlite');
  writeFileSync(file, 'what is this? '.repeat(100));
  const { queue } = openTestQueue(succeed, { file });
  expect(queue.problems).toEqual([expect.stringContaining('starts empty')]);
  expect(readdirSync(dirname(file)).filter((name) => name.includes('.damaged-')).length).toBeGreaterThan(0);
  queue.submit(sampleRequest());
  expect(queue.list()).toHaveLength(1);
});
