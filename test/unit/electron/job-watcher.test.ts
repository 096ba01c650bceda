import { RPCHandler } from '@orpc/server/fetch';
import { expect, onTestFinished, test } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import { describeEnding } from '../../../main/shell/electron/host/describe-ending.ts';
import { JobWatcher, summariseJobs } from '../../../main/shell/electron/host/job-watcher.ts';
import { makePicture } from '../../contract/make-picture.ts';
import { hasPack, openInProcess } from '../../contract/open-test-studio.ts';

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

test.skipIf(!hasPack)(
  'follows the core’s own stream, tells each ending once, and clears the taskbar when the stream breaks',
  async () => {
    const opened = await openInProcess();
    onTestFinished(() => opened.close());
    const { studio } = opened;
    const handler = new RPCHandler(studio.router);
    const fetch = async (request: Request) =>
      (await handler.handle(request, { prefix: '/rpc', context: { scope: 'person' } })).response ??
      new Response(null, { status: 404 });
    const fractions: (number | null)[] = [];
    const works: boolean[] = [];
    const endings: string[] = [];
    const watcher = new JobWatcher(fetch, {
      onProgress: (fraction) => void fractions.push(fraction),
      onWork: (isWorking) => void works.push(isWorking),
      onEnded: ({ id, state }) => void endings.push(`${id} ${state}`),
    });
    const submit = (text: string, steps: number) =>
      studio.client.jobs.submit({ kind: 'generate', prompt: { type: 'text', text }, settings: { steps }, parents: [] });
    const patience = { timeout: 50_000, interval: 10 };

    const first = watcher.follow();
    await expect.poll(() => fractions, patience).toEqual([null]);
    // Other news of the core, which come at any time while it starts, say nothing of jobs.
    const news = await studio.client.studio.events();
    await news.next();
    await studio.addImage(await makePicture(16, { r: 1, g: 2, b: 3 }), { title: 'new' });
    for await (const { type } of news) if (type === 'library-changed') break;
    expect(fractions).toEqual([null]);
    const { id: drawn } = await submit('a red fox', 40);
    await expect.poll(() => endings, patience).toEqual([`${drawn} done`]);
    expect(fractions.some((fraction) => fraction !== null && fraction > 0 && fraction < 1)).toBe(true);
    await expect.poll(() => fractions.at(-1), patience).toBeNull();
    expect([works[0], works.includes(true), works.at(-1)]).toEqual([false, true, false]);

    // As when the core has become ready again: what had ended is known and not told a second time.
    const heard = fractions.length;
    const second = watcher.follow();
    await expect.poll(() => fractions.length, patience).toBeGreaterThan(heard);
    const { id: refused } = await submit(' ', 1);
    await expect.poll(() => endings, patience).toEqual([`${drawn} done`, `${refused} failed`]);

    const { id: endless } = await submit('a red fox', 200);
    await expect.poll(() => fractions.at(-1), patience).toBeGreaterThan(0);
    await studio.close();
    await Promise.allSettled([first, second]);
    expect(fractions.at(-1)).toBeNull();
    expect(endings.filter((ending) => ending.startsWith(endless))).toEqual([]);
  },
);
