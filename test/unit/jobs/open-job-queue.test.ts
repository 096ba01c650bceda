import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { jobSchema } from '../../../contract/job.ts';
import type { Job, JobResult } from '../../../contract/job.ts';
import type { JobContext } from '../../../main/jobs/job-context.ts';
import type { JobQueue, JobQueueOptions } from '../../../main/jobs/job-queue.ts';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { SAMPLE_RESULT, sampleRequest, textOf } from './sample-jobs.ts';

interface Bench {
  readonly queue: JobQueue;
  readonly logged: string[];
  readonly file: string;
}

const succeed = (): Promise<JobResult> => Promise.resolve(SAMPLE_RESULT);
const crash = (details = {}): StudioError => new StudioError('engine-crashed', 'The engine ended.', 'Try again.', details);

function open(run: JobQueueOptions['run'], options: Partial<JobQueueOptions> = {}): Bench {
  const file = options.file ?? join(makeTemporaryFolder(), 'jobs.sqlite');
  const logged: string[] = [];
  const queue = openJobQueue({ run, clock: Date.now, log: (message) => logged.push(message), ...options, file });
  onTestFinished(() => queue.close());
  return { queue, logged, file };
}

/** A handler that runs until it is told to go on or its signal is aborted. */
function makeGate() {
  const started: { job: Job; context: JobContext; finish: (result?: JobResult) => void; fail: (cause: unknown) => void }[] = [];
  let wake: () => void = () => undefined;
  const run = (job: Job, context: JobContext): Promise<JobResult> =>
    new Promise((resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      started.push({ job, context, finish: (result = SAMPLE_RESULT) => resolve(result), fail: reject });
      wake();
    });
  /** The n-th start of a job, when it has come. */
  const start = async (number: number) => {
    for (;;) {
      const found = started[number - 1];
      if (found) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { run, start, started };
}

function collect(queue: JobQueue): Job[] {
  const changes: Job[] = [];
  onTestFinished(queue.subscribe((job) => changes.push(job)));
  return changes;
}

test('a job goes from queued over running to done, and every change keeps to the contract', async () => {
  const { queue } = open((_job, context) => {
    context.onProgress({ fraction: 0.5, phase: 'denoising', step: 2, steps: 4 });
    return succeed();
  });
  const changes = collect(queue);
  queue.start();
  const job = queue.submit(sampleRequest());
  expect(job).toMatchObject({ state: 'queued', attempts: 0, startedMs: null, result: null });
  await queue.whenIdle();
  expect(queue.get(job.id)).toMatchObject({ state: 'done', attempts: 1, result: SAMPLE_RESULT, error: null });
  expect(queue.get(job.id).progress).toMatchObject({ fraction: 1 });
  expect(changes.map(({ state }) => state)).toEqual(['queued', 'running', 'running', 'done']);
  expect(changes.at(-1)?.result).toEqual(SAMPLE_RESULT);
  for (const change of changes) expect(jobSchema.parse(change)).toEqual(change);
});

test('jobs of one lane run one after the other in the order they came; lanes run side by side', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run, { laneOf: (request) => textOf(request).slice(0, 3) });
  queue.start();
  for (const text of ['cpu 1', 'cpu 2', 'gpu 1', 'cpu 3', 'gpu 2']) queue.submit(sampleRequest(text));
  await gate.start(2);
  const running = (): string[] =>
    queue
      .list()
      .filter(({ state }) => state === 'running')
      .map(({ request }) => textOf(request));
  expect(running()).toEqual(['cpu 1', 'gpu 1']);
  for (let i = 1; i <= 5; i += 1) (await gate.start(i)).finish();
  await queue.whenIdle();
  const order = gate.started.map(({ job }) => textOf(job.request));
  expect(order.filter((text) => text.startsWith('cpu'))).toEqual(['cpu 1', 'cpu 2', 'cpu 3']);
  expect(order.filter((text) => text.startsWith('gpu'))).toEqual(['gpu 1', 'gpu 2']);
});

test('progress never falls and is told at most every 50 ms, its newest state included', async () => {
  const gate = makeGate();
  let now = 1_000_000;
  const { queue } = open(gate.run, { clock: () => now });
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
  await queue.whenIdle();
  expect(changes.at(-1)?.state).toBe('done');
});

test('the last progress before a pause is told though nothing follows', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run);
  queue.start();
  queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  const seen = new Promise<void>((resolve) => queue.subscribe(({ progress }) => progress.step === 2 && resolve()));
  context.onProgress({ fraction: 0.1, phase: 'loading', step: 1, steps: 2 });
  context.onProgress({ fraction: 0.2, phase: 'loading', step: 2, steps: 2 });
  await seen;
  finish();
  await queue.whenIdle();
});

test('the time that is left is estimated from the time it took so far', async () => {
  const gate = makeGate();
  let now = 1_000_000;
  const { queue } = open(gate.run, { clock: () => now });
  queue.start();
  const { id } = queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  context.onProgress({ fraction: 0.01, phase: 'loading', step: 0, steps: 4 });
  expect(queue.get(id).progress.remainingMs).toBeNull();
  now += 1000;
  context.onProgress({ fraction: 0.25, phase: 'denoising', step: 1, steps: 4 });
  expect(queue.get(id).progress.remainingMs).toBe(3000);
  finish();
  await queue.whenIdle();
});

test('previews are kept while the job runs and have an address of their own each', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run);
  queue.start();
  const { id } = queue.submit(sampleRequest());
  const { context, finish } = await gate.start(1);
  expect(queue.getPreview(id)).toBeNull();
  context.onPreview(Buffer.from('one'), 'image/png');
  context.onPreview(Buffer.from('two'), 'image/png');
  expect(queue.get(id).progress.previewUrl).toBe(`/previews/${id}/2`);
  expect(queue.getPreview(id)).toEqual({ bytes: Buffer.from('two'), mediaType: 'image/png' });
  finish();
  await queue.whenIdle();
  expect(queue.getPreview(id)).toBeNull();
  expect(queue.get(id).progress.previewUrl).toBeNull();
});

test('a queued job is cancelled at once and never runs', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run);
  queue.start();
  queue.submit(sampleRequest('first'));
  const second = queue.submit(sampleRequest('second'));
  const first = await gate.start(1);
  expect(await queue.cancel(second.id)).toMatchObject({ state: 'cancelled', attempts: 0, error: null });
  first.finish();
  await queue.whenIdle();
  expect(gate.started).toHaveLength(1);
});

test('a running job is cancelled through its signal, and the next one starts', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run);
  queue.start();
  const { id } = queue.submit(sampleRequest('first'));
  queue.submit(sampleRequest('second'));
  const { context } = await gate.start(1);
  expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', error: null, result: null });
  expect(context.signal.reason).toMatchObject({ name: 'AbortError' });
  (await gate.start(2)).finish();
  await queue.whenIdle();
  expect(queue.list().map(({ state }) => state)).toEqual(['cancelled', 'done']);
});

test('a job whose engine is killed to cancel it is cancelled, not crashed', async () => {
  const { queue } = open(
    (_job, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(crash()))),
  );
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await new Promise<void>((resolve) => queue.subscribe(({ state }) => state === 'running' && resolve()));
  expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', attempts: 1 });
});

test('cancelling what has ended changes nothing, and a job that came to its end in time is done', async () => {
  const gate = makeGate();
  const { queue } = open((job, context) => (textOf(job.request) === 'deaf' ? succeed() : gate.run(job, context)));
  queue.start();
  const deaf = queue.submit(sampleRequest('deaf'));
  await new Promise<void>((resolve) => queue.subscribe(({ state }) => state === 'running' && resolve()));
  expect(await queue.cancel(deaf.id)).toMatchObject({ state: 'done', result: SAMPLE_RESULT });
  expect(await queue.cancel(deaf.id)).toMatchObject({ state: 'done' });
  const failing = queue.submit(sampleRequest());
  (await gate.start(1)).fail(new StudioError('prompt-empty', 'There is no text.', 'Write some.'));
  await queue.whenIdle();
  expect(await queue.cancel(failing.id)).toMatchObject({ state: 'failed', error: { code: 'prompt-empty' } });
  await expect(queue.cancel('nothing')).rejects.toMatchObject({ code: 'not-found' });
});

test('a failure nobody expected is internal, with its log id', async () => {
  const { queue, logged } = open(() => {
    throw new TypeError('x is not a function');
  });
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await queue.whenIdle();
  const { error, attempts } = queue.get(id);
  expect(error).toMatchObject({ code: 'internal' });
  expect(attempts).toBe(1);
  expect(logged).toEqual([expect.stringContaining('x is not a function')]);
  expect(logged[0]).toContain(String(error?.details['logId']));
});

test('a job whose engine crashed is started once more by itself, and its progress does not fall', async () => {
  const gate = makeGate();
  const { queue } = open(gate.run);
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
  await queue.whenIdle();
  expect(queue.list().map(({ state, attempts }) => [state, attempts])).toEqual([
    ['done', 2],
    ['done', 1],
  ]);
});

test.each([
  ['the second crash', crash(), 2],
  ['a crash the input caused', crash({ inputCaused: true }), 1],
  ['an engine that does not start', new StudioError('engine-unavailable', 'It kept crashing.', 'Restart it.'), 1],
  ['too little memory', new StudioError('memory-exceeded', 'Too large.', 'Make it smaller.'), 1],
])('%s fails the job', async (_name, cause, attempts) => {
  const { queue } = open(() => Promise.reject(cause));
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await queue.whenIdle();
  expect(queue.get(id)).toMatchObject({ state: 'failed', attempts, error: { code: cause.code } });
});

test('failed and cancelled jobs can be started again at the end of the queue; others cannot', async () => {
  let failing = true;
  const { queue } = open(() => (failing ? Promise.reject(crash({ inputCaused: true })) : succeed()));
  queue.start();
  const failed = queue.submit(sampleRequest('failed'));
  await queue.whenIdle();
  failing = false;
  const other = queue.submit(sampleRequest('other'));
  expect(() => queue.retry(other.id)).toThrowError(expect.objectContaining({ code: 'bad-request' }));
  expect(await queue.cancel(other.id)).toMatchObject({ state: 'cancelled' });
  expect(queue.retry(failed.id)).toMatchObject({
    state: 'queued',
    attempts: 0,
    error: null,
    endedMs: null,
    progress: { fraction: 0 },
  });
  queue.retry(other.id);
  await queue.whenIdle();
  expect(queue.list().map(({ id, state, attempts }) => [id, state, attempts])).toEqual([
    [failed.id, 'done', 1],
    [other.id, 'done', 1],
  ]);
  expect(() => queue.retry(failed.id)).toThrowError(expect.objectContaining({ code: 'bad-request' }));
});

test('a request that breaks the contract is refused in words', () => {
  const { queue } = open(succeed);
  expect(() => queue.submit({ kind: 'encode', imageSha256s: [], lengths: [15] })).toThrowError(
    expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('imageSha256s') }),
  );
  expect(queue.list()).toEqual([]);
});

test('ended jobs are kept over a restart with their results, up to the number to keep, until cleared', async () => {
  const { queue, file } = open(succeed, { keepEnded: 3 });
  queue.start();
  const ids = Array.from({ length: 5 }, (_, i) => queue.submit(sampleRequest(`job ${i}`)).id);
  await queue.whenIdle();
  expect(queue.list().map(({ id }) => id)).toEqual(ids.slice(2));
  await queue.close();
  const { queue: again } = open(succeed, { file });
  expect(again.list().map(({ id, result }) => [id, result])).toEqual(ids.slice(2).map((id) => [id, SAMPLE_RESULT]));
  expect(again.list({ results: 'none' }).every(({ result }) => result === null)).toBe(true);
  expect(again.clear()).toHaveLength(3);
  expect(again.list()).toEqual([]);
  expect(() => again.get(ids[4] ?? '')).toThrowError(expect.objectContaining({ code: 'not-found' }));
});

test('closing stops running jobs, which go on at the next start in their old order', async () => {
  const gate = makeGate();
  const { queue, file } = open(gate.run);
  queue.start();
  const ids = ['a', 'b'].map((text) => queue.submit(sampleRequest(text)).id);
  await gate.start(1);
  await queue.close();
  const ran: string[] = [];
  const { queue: again } = open(
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
  await again.whenIdle();
  expect(ran).toEqual(ids);
});

test('stored jobs that do not parse fail with a clear error; the others run', async () => {
  const { queue, file } = open(succeed);
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

  const { queue: again } = open(succeed, { file });
  expect(again.problems).toHaveLength(5);
  again.start();
  await again.whenIdle();
  expect(again.list().map(({ id, state }) => [id, state])).toEqual([[ids[5], 'done']]);
  for (const id of ids.slice(0, 5)) {
    expect(() => again.get(id)).toThrowError(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(id) }),
    );
  }
  await again.close();
  const { queue: third } = open(succeed, { file });
  expect(third.problems).toEqual([]);
  expect(third.clear()).toHaveLength(6);
});

test('a result that does not parse is no result', async () => {
  const { queue, file } = open(succeed);
  queue.start();
  const { id } = queue.submit(sampleRequest());
  await queue.whenIdle();
  const database = new Database(file);
  database.exec(`UPDATE jobs SET result = '{"kind":'`);
  database.close();
  expect(queue.get(id)).toMatchObject({ state: 'done', result: null });
});

test.each([
  ['no database', 'what is this? '.repeat(100)],
  ['another version', null],
])('a file that is %s is put aside and said so', (_name, text) => {
  const file = join(makeTemporaryFolder(), 'jobs.sqlite');
  if (text === null) new Database(file).pragma('user_version = 77');
  else writeFileSync(file, text);
  const { queue } = open(succeed, { file });
  expect(queue.problems).toEqual([expect.stringContaining('starts empty')]);
  expect(readdirSync(dirname(file)).filter((name) => name.includes('.damaged-')).length).toBeGreaterThan(0);
  queue.submit(sampleRequest());
  expect(queue.list()).toHaveLength(1);
});
