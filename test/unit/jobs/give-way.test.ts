import { expect, test } from 'vitest';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { JobContext } from '../../../main/jobs/job-context.ts';
import { YIELDED } from '../../../main/jobs/job-queue.ts';
import { makeGate } from './make-gate.ts';
import { openTestQueue } from './open-test-queue.ts';
import { SAMPLE_RESULT, sampleRequest, textOf } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

const rankOf = (request: JobRequest): number => Number(textOf(request).at(-1));

test('queued jobs of a lower rank go first', async () => {
  const ran: string[] = [];
  const run = (job: Job) => {
    ran.push(textOf(job.request));
    return Promise.resolve(SAMPLE_RESULT);
  };
  const { queue } = openTestQueue(run, { rankOf });
  for (const text of ['a 2', 'b 1', 'c 2', 'd 0']) queue.submit(sampleRequest(text));
  queue.start();
  await untilIdle(queue);
  expect(ran).toEqual(['d 0', 'b 1', 'a 2', 'c 2']);
});

test('a job that yields goes on after what it gave way to, as often as it must', async () => {
  const ran: string[] = [];
  let parts = 0;
  const run = async (job: Job, context: JobContext) => {
    const text = textOf(job.request);
    ran.push(text);
    if (text !== 'long 1') return SAMPLE_RESULT;
    for (; parts < 3; parts += 1) {
      if (context.isLaneWanted()) return YIELDED;
      queue.submit(sampleRequest(`short ${parts} 0`));
      await new Promise(setImmediate);
    }
    return SAMPLE_RESULT;
  };
  const { queue } = openTestQueue(run, { rankOf });
  const { id } = queue.submit(sampleRequest('long 1'));
  queue.start();
  await untilIdle(queue);
  expect(ran).toEqual(['long 1', 'short 0 0', 'long 1', 'short 1 0', 'long 1', 'short 2 0']);
  expect(queue.get(id)).toMatchObject({ state: 'done', attempts: 1 });
});

test('a job that keeps its work may be cut off any number of times', async () => {
  const gate = makeGate();
  const first = openTestQueue(gate.run);
  const { id } = first.queue.submit(sampleRequest());
  first.queue.start();
  await gate.start(1);
  const { file } = first;
  for (let death = 1; death <= 3; death += 1) {
    // Another process opens the file while this one has it: what a death leaves behind.
    const again = makeGate();
    const next = openTestQueue(again.run, { file });
    next.queue.start();
    const { job, context } = await again.start(1);
    expect(job.attempts).toBe(2);
    context.onKept();
    expect(next.queue.get(id).attempts).toBe(1);
  }
});

test('what was done before says nothing about the speed', async () => {
  let now = 0;
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run, { clock: () => now });
  const { id } = queue.submit(sampleRequest());
  queue.start();
  const { context, finish } = await gate.start(1);
  const at = (fraction: number) => context.onProgress({ fraction, phase: 'encoding', step: 1, steps: 2, doneBefore: 0.6 });
  at(0.6);
  now += 1000;
  at(0.8);
  expect(queue.get(id).progress.remainingMs).toBe(1000);
  finish();
  await untilIdle(queue);
});
