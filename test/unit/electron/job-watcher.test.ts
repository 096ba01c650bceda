import { RPCHandler } from '@orpc/server/fetch';
import { expect, test } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import { describeEnding } from '../../../main/shell/electron/describe-ending.ts';
import { JobWatcher } from '../../../main/shell/electron/job-watcher.ts';
import { summariseJobs } from '../../../main/shell/electron/summarise-jobs.ts';

import { createStandInCore } from '../../helpers/stand-in-core.ts';

const waiting = { fraction: 0, phase: 'waiting', step: 0, steps: 0, remainingMs: null, previewUrl: null } as const;
const job = (change: Partial<Job>): Job => ({
  id: 'j1',
  request: { kind: 'encode', imageSha256s: ['a'.repeat(64)], lengths: [5] },
  state: 'running',
  createdMs: 0,
  startedMs: 1_000,
  endedMs: null,
  attempts: 1,
  progress: waiting,
  result: null,
  error: null,
  ...change,
});
const at = (fraction: number) => ({ progress: { ...waiting, fraction } });

test('progress is one number over all open jobs', () => {
  expect(summariseJobs([])).toBeNull();
  expect(summariseJobs([job({ state: 'done', ...at(1) })])).toBeNull();
  expect(summariseJobs([job({ state: 'queued' })])).toBeNull();
  expect(summariseJobs([job(at(0.5)), job({ state: 'queued' }), job({ state: 'failed' })])).toBe(0.25);
});

test('tells of long jobs only, and never quotes what a person wrote', () => {
  const result = { kind: 'generate', items: [], fidelity: null } as const;
  const request = { kind: 'generate', prompt: { type: 'text', text: 'a secret' }, settings: {}, parents: [] } as const;
  const ended = job({ request: { ...request, parents: [] }, state: 'done', endedMs: 20_000, result: { ...result, items: [] } });
  expect(describeEnding(ended)).toEqual({ title: 'Pictures are drawn', body: '0 pictures are ready.' });
  expect(JSON.stringify(describeEnding(ended))).not.toContain('secret');
  expect(describeEnding({ ...ended, endedMs: 2_000 })).toBeNull();
  expect(describeEnding({ ...ended, state: 'cancelled' })).toBeNull();
  const error = { code: 'memory-exceeded', message: 'It did not fit.', hint: 'Smaller.', details: {} } as const;
  expect(describeEnding({ ...ended, state: 'failed', error })).toEqual({ title: 'A job failed', body: 'It did not fit.' });
});

test('follows the core’s own stream, tells each ending once, and clears the taskbar when the stream breaks', async () => {
  const core = createStandInCore();
  const handler = new RPCHandler(core.router);
  const fetch = async (request: Request) =>
    (await handler.handle(request, { prefix: '/rpc' })).response ?? new Response(null, { status: 404 });
  const told: (number | string | null)[] = [];
  let heard: () => void = () => undefined;
  const next = () => new Promise<void>((resolve) => (heard = resolve));
  const watcher = new JobWatcher(fetch, {
    onProgress: (fraction) => {
      told.push(fraction);
      heard();
    },
    onEnded: ({ id, state }) => told.push(`${id} ${state}`),
  });
  const greeted = next();
  const following = watcher.follow();
  await greeted;
  for (const event of [job(at(0.5)), job({ state: 'done', endedMs: 9_000 }), job({ state: 'done', endedMs: 9_000 })]) {
    const received = next();
    core.push({ type: 'job-changed', job: event });
    await received;
  }
  watcher.stop();
  await following.catch(() => undefined);
  expect(told.slice(0, 5)).toEqual([null, 0.5, 'j1 done', null, null]);
  expect(told.filter((one) => one === 'j1 done')).toHaveLength(1);
});
