import { expect, onTestFinished, test } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { jobSchema } from '../../../contract/job.ts';
import type { Job } from '../../../contract/job.ts';
import type { JobQueue } from '../../../main/jobs/job-queue.ts';
import { makeGate } from './make-gate.ts';
import { openTestQueue, succeed } from './open-test-queue.ts';
import { SAMPLE_RESULT, sampleRequest, textOf } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

const crash = (): StudioError => new StudioError('engine-crashed', 'The engine ended.', 'Try again.');

function collect(queue: JobQueue): Job[] {
  const changes: Job[] = [];
  onTestFinished(queue.subscribe((job) => changes.push(job)));
  return changes;
}

test('a job goes from queued over running to done, and every change keeps to the contract', async () => {
  const { queue } = openTestQueue((_job, context) => {
    context.onProgress({ fraction: 0.5, phase: 'denoising', step: 2, steps: 4 });
    return succeed();
  });
  const changes = collect(queue);
  queue.start();
  const job = queue.submit(sampleRequest());
  expect(job).toMatchObject({ state: 'queued', attempts: 0, startedMs: null, result: null });
  await untilIdle(queue);
  expect(queue.get(job.id)).toMatchObject({ state: 'done', attempts: 1, result: SAMPLE_RESULT, error: null });
  expect(queue.get(job.id).progress).toMatchObject({ fraction: 1 });
  expect(changes.map(({ state }) => state)).toEqual(['queued', 'running', 'running', 'done']);
  expect(changes.at(-1)?.result).toEqual(SAMPLE_RESULT);
  for (const change of changes) expect(jobSchema.parse(change)).toEqual(change);
});

test('progress never falls and is told at most every 50 ms, its newest state included', async () => {
  const gate = makeGate();
  let now = 1_000_000;
  const { queue } = openTestQueue(gate.run, { clock: () => now });
  const changes = collect(queue);
  queue.start();
  const { id } = queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  const fractions = [0.1, 0.3, 0.2, Number.NaN, 0.9, -4, 7];
  for (let i = 0; i < 700; i += 1) {
    now += 1;
    context.onProgress({ fraction: (fractions[i % 7] ?? 0) * (i / 700), phase: 'denoising', step: i, steps: 700 });
  }
  const told = changes.filter(({ state }) => state === 'running').slice(1);
  expect(told.length).toBeGreaterThanOrEqual(13);
  expect(told.length).toBeLessThanOrEqual(15);
  const shown = told.map(({ progress }) => progress.fraction);
  expect(shown.toSorted((a, b) => a - b)).toEqual(shown);
  expect(queue.get(id).progress).toMatchObject({ step: 699, phase: 'denoising' });
  finish();
  await untilIdle(queue);
  expect(changes.at(-1)?.state).toBe('done');
});

test('the last progress before a pause is told though nothing follows', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run);
  queue.start();
  queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  const seen = new Promise<void>((resolve) => queue.subscribe(({ progress }) => progress.step === 2 && resolve()));
  context.onProgress({ fraction: 0.1, phase: 'loading', step: 1, steps: 2 });
  context.onProgress({ fraction: 0.2, phase: 'loading', step: 2, steps: 2 });
  await seen;
  finish();
  await untilIdle(queue);
});

test('the time that is left is estimated from the time it took so far', async () => {
  const gate = makeGate();
  let now = 1_000_000;
  const { queue } = openTestQueue(gate.run, { clock: () => now });
  queue.start();
  const { id } = queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  context.onProgress({ fraction: 0.01, phase: 'loading', step: 0, steps: 4 });
  expect(queue.get(id).progress.remainingMs).toBeNull();
  now += 1000;
  context.onProgress({ fraction: 0.25, phase: 'denoising', step: 1, steps: 4 });
  expect(queue.get(id).progress.remainingMs).toBe(3000);
  finish();
  await untilIdle(queue);
});

test('previews are kept while the job runs and have an address of their own each', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run);
  queue.start();
  const { id } = queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  expect(queue.getPreview(id)).toBeNull();
  context.onPreview(Buffer.from('one'), 'image/png');
  context.onPreview(Buffer.from('two'), 'image/png');
  expect(queue.get(id).progress.previewUrl).toBe(`/previews/${id}/2`);
  expect(queue.getPreview(id)).toEqual({ bytes: Buffer.from('two'), mediaType: 'image/png' });
  finish();
  await untilIdle(queue);
  expect(queue.getPreview(id)).toBeNull();
  expect(queue.get(id).progress.previewUrl).toBeNull();
});

test('a queued job is cancelled at once and never runs', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run);
  queue.start();
  queue.submit(sampleRequest('first'));
  const second = queue.submit(sampleRequest('second'));
  const first = await gate.start(1);
  expect(await queue.cancel(second.id)).toMatchObject({ state: 'cancelled', attempts: 0, error: null });
  first.finish();
  await untilIdle(queue);
  expect(gate.started).toHaveLength(1);
});

test('a running job is cancelled through its signal, and the next one starts', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run);
  queue.start();
  const { id } = queue.submit(sampleRequest('first'));
  queue.submit(sampleRequest('second'));
  const { context } = await gate.start(1);
  expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', error: null, result: null });
  expect(context.signal.reason).toMatchObject({ name: 'AbortError' });
  (await gate.start(2)).finish();
  await untilIdle(queue);
  expect(queue.list().map(({ state }) => state)).toEqual(['cancelled', 'done']);
});

test('a job whose engine is killed to cancel it is cancelled, not crashed', async () => {
  const { queue } = openTestQueue(
    (_job, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(crash()))),
  );
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await new Promise<void>((resolve) => queue.subscribe(({ state }) => state === 'running' && resolve()));
  expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', attempts: 1 });
});

test('cancelling what has ended changes nothing, and a job that came to its end in time is done', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue((job, context) => (textOf(job.request) === 'deaf' ? succeed() : gate.run(job, context)));
  queue.start();
  const deaf = queue.submit(sampleRequest('deaf'));
  await new Promise<void>((resolve) => queue.subscribe(({ state }) => state === 'running' && resolve()));
  expect(await queue.cancel(deaf.id)).toMatchObject({ state: 'done', result: SAMPLE_RESULT });
  expect(await queue.cancel(deaf.id)).toMatchObject({ state: 'done' });
  const failing = queue.submit(sampleRequest());
  (await gate.start(1)).fail(new StudioError('prompt-empty', 'There is no text.', 'Write some.'));
  await untilIdle(queue);
  expect(await queue.cancel(failing.id)).toMatchObject({ state: 'failed', error: { code: 'prompt-empty' } });
  await expect(queue.cancel('nothing')).rejects.toMatchObject({ code: 'not-found' });
});

test('a failure nobody expected is internal, with its log id', async () => {
  const { queue, logged } = openTestQueue(() => {
    throw new TypeError('x is not a function');
  });
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await untilIdle(queue);
  const { error, attempts } = queue.get(id);
  expect(error).toMatchObject({ code: 'internal' });
  expect(attempts).toBe(1);
  expect(logged).toEqual([expect.stringMatching(/TypeError[\s\S]*open-job-queue\.test\.ts/)]);
  expect(logged[0]).not.toContain('x is not a function');
  expect(logged[0]).toContain(String(error?.details['logId']));
});

test('a job whose engine crashed is started once more by itself, and its progress does not fall', async () => {
  const gate = makeGate();
  const { queue } = openTestQueue(gate.run);
  queue.start();
  const { id } = queue.submit(sampleRequest('first'));
  queue.submit(sampleRequest('second'));
  const first = await gate.start(1);
  first.context.onProgress({ fraction: 0.6, phase: 'denoising', step: 3, steps: 5 });
  first.fail(crash());
  const second = await gate.start(2);
  expect(second.job.id).toBe(id);
  expect(second.context.attempt).toBe(2);
  second.context.onProgress({ fraction: 0.1, phase: 'loading', step: 0, steps: 5 });
  expect(queue.get(id).progress).toMatchObject({ fraction: 0.6, phase: 'loading' });
  second.finish();
  (await gate.start(3)).finish();
  await untilIdle(queue);
  expect(queue.list().map(({ state, attempts }) => [state, attempts])).toEqual([
    ['done', 2],
    ['done', 1],
  ]);
});

test.each([
  ['the second crash', crash(), 2],
  ['an engine that does not start', new StudioError('engine-unavailable', 'It kept crashing.', 'Restart it.'), 1],
  ['too little memory', new StudioError('memory-exceeded', 'Too large.', 'Make it smaller.'), 1],
])('%s fails the job', async (_name, cause, attempts) => {
  const { queue } = openTestQueue(() => Promise.reject(cause));
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await untilIdle(queue);
  expect(queue.get(id)).toMatchObject({ state: 'failed', attempts, error: { code: cause.code } });
});

test('failed and cancelled jobs can be started again at the end of the queue; others cannot', async () => {
  let failing = true;
  const { queue } = openTestQueue(() =>
    failing ? Promise.reject(new StudioError('bad-request', 'It cannot be.', 'Ask for something else.')) : succeed(),
  );
  queue.start();
  const failed = queue.submit(sampleRequest('failed'));
  await untilIdle(queue);
  failing = false;
  const other = queue.submit(sampleRequest('other'));
  expect(() => queue.retry(other.id)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  expect(await queue.cancel(other.id)).toMatchObject({ state: 'cancelled' });
  expect(queue.retry(failed.id)).toMatchObject({
    state: 'queued',
    attempts: 0,
    error: null,
    endedMs: null,
    progress: { fraction: 0 },
  });
  queue.retry(other.id);
  await untilIdle(queue);
  expect(queue.list().map(({ id, state, attempts }) => [id, state, attempts])).toEqual([
    [failed.id, 'done', 1],
    [other.id, 'done', 1],
  ]);
  expect(() => queue.retry(failed.id)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});

test('a request that breaks the contract is refused in words', () => {
  const { queue } = openTestQueue(succeed);
  expect(() => queue.submit({ kind: 'encode', imageSha256s: [], lengths: [15] })).toThrow(
    expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('imageSha256s') as string }),
  );
  expect(queue.list()).toEqual([]);
});
