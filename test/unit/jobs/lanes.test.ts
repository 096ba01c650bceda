import { expect, test } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import type { JobRequest } from '../../../contract/job.ts';
import type { Lane } from '../../../main/ports/lane.ts';
import { makeGate } from './make-gate.ts';
import { openTestQueue } from './open-test-queue.ts';
import { sampleRequest, textOf } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

const laneOf = (request: JobRequest): Lane => (textOf(request).startsWith('here') ? 'device' : 'server paints.example');

test('jobs of one lane run one after the other in the order they came; lanes run side by side', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run, { needsOf: (request) => ({ lane: laneOf(request) }) });
  queue.start();
  for (const text of ['here 1', 'here 2', 'there 1', 'here 3', 'there 2']) queue.submit(sampleRequest(text));
  await gate.start(2);
  const running = (): string[] =>
    queue
      .list()
      .filter(({ state }) => state === 'running')
      .map(({ request }) => textOf(request));
  expect(running()).toEqual(['here 1', 'there 1']);
  for (let i = 1; i <= 5; i += 1) (await gate.start(i)).finish();
  await untilIdle(queue);
  const order = gate.started.map(({ job }) => textOf(job.request));
  expect(order.filter((text) => text.startsWith('here'))).toEqual(['here 1', 'here 2', 'here 3']);
  expect(order.filter((text) => text.startsWith('there'))).toEqual(['there 1', 'there 2']);
});

test('a lane is not held up by what another one does: neither by its work, its failure nor its cancel', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run, {
    needsOf: (request) => ({ lane: laneOf(request) }),
    rankOf: (request) => Number(textOf(request).at(-1)),
  });
  queue.start();
  const slow = queue.submit(sampleRequest('here 1'));
  const first = await gate.start(1);
  for (const text of ['there 2', 'there 0', 'there 1']) queue.submit(sampleRequest(text));
  const second = await gate.start(2);
  expect(textOf(second.job.request)).toBe('there 0');
  expect(first.context.isLaneWanted()).toBe(false);
  second.fail(new StudioError('bad-request', 'No.', 'Do something else.'));
  (await gate.start(3)).finish();
  await gate.start(4);
  await queue.cancel(slow.id);
  const later = queue.submit(sampleRequest('here 0'));
  expect((await gate.start(5)).job.id).toBe(later.id);
  gate.started[3]?.finish();
  gate.started[4]?.finish();
  await untilIdle(queue);
  expect(queue.list().map(({ state }) => state)).toEqual(['cancelled', 'done', 'failed', 'done', 'done']);
});

test('a lane that is two wide runs two jobs at a time, in the order they came', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run, { needsOf: (request) => ({ lane: laneOf(request), width: 2 }) });
  queue.start();
  for (const text of ['there 1', 'there 2', 'there 3']) queue.submit(sampleRequest(text));
  await gate.start(2);
  expect(queue.list().map(({ state }) => state)).toEqual(['running', 'running', 'queued']);
  gate.started[1]?.finish();
  expect(textOf((await gate.start(3)).job.request)).toBe('there 3');
  gate.started[0]?.finish();
  gate.started[2]?.finish();
  await untilIdle(queue);
});

test('a job that several lanes would do for runs in the emptiest, and knows which', async () => {
  const gate = makeGate();
  const others: Lane[] = ['server two.example', 'server three.example'];
  const { queue } = openTestQueue(gate.run, { needsOf: () => ({ lane: 'server one.example', others }) });
  queue.start();
  for (const text of ['1', '2', '3', '4']) queue.submit(sampleRequest(text));
  await gate.start(3);
  expect(gate.started.map(({ context }) => context.lane)).toEqual([
    ...['server one.example', 'server two.example', 'server three.example'],
  ]);
  expect(queue.list().map(({ state }) => state)).toEqual(['running', 'running', 'running', 'queued']);
  gate.started[1]?.finish();
  expect((await gate.start(4)).context.lane).toBe('server two.example');
  for (const one of gate.started) one.finish();
  await untilIdle(queue);
});
