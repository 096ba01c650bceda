import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { waitForJob } from './wait-for-job.ts';
import { Workshop, quick } from './workshop.ts';

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('jobs', { timeout: 180_000 }, () => {
  let shop: Workshop;
  let test: TestStudio;

  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
    ({ test } = shop);
  });
  afterAll(() => test.close());

  it('show previews while they draw', async () => {
    const stop = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: stop.signal });
    await events.next();
    const { id } = await test.client.jobs.submit(shop.generate({ settings: { ...quick, steps: 60 } }));
    let url: string | null = null;
    for await (const event of events) {
      if (event.type !== 'job-changed' || event.job.id !== id) continue;
      url = event.job.progress.previewUrl;
      if (url !== null || event.job.endedMs !== null) break;
    }
    expect(url).toContain(`/previews/${id}`);
    const preview = test.studio.preview(id);
    expect(
      Buffer.from(preview ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    stop.abort();
    await test.client.jobs.cancel({ jobId: id });
  });

  it('are cancelled, and drawn when tried again', async () => {
    const { id } = await test.client.jobs.submit(shop.generate({ settings: { ...quick, steps: 200, count: 8 } }));
    const cancelled = await test.client.jobs.cancel({ jobId: id });
    expect(cancelled).toMatchObject({ state: 'cancelled', error: null });

    const second = await test.client.jobs.submit(shop.generate());
    await waitForJob(test.client, second.id);
    expect(await test.client.jobs.retry({ jobId: id })).toMatchObject({ id, state: 'queued' });
    expect(await test.client.jobs.cancel({ jobId: id })).toMatchObject({ state: 'cancelled' });
  });

  it('are listed without their results, and forgotten when cleared', async () => {
    const job = await shop.finish(shop.generate());
    const listed = (await test.client.jobs.list()).find(({ id }) => id === job.id);
    expect(listed).toMatchObject({ state: 'done', result: null });
    expect(await test.client.jobs.clear()).toContain(job.id);
    expect(await test.client.jobs.list()).toEqual([]);
    if (job.result?.kind !== 'generate') throw new Error('no generation');
    for (const item of job.result.items) expect(await test.client.library.get({ itemId: item.id })).toEqual(item);
  });

  it.each([
    ['an empty text', { prompt: { type: 'text' as const, text: '  ' } }, 'prompt-empty'],
    ['a pack that is not there', { packId: 'no-such-pack' }, 'pack-not-found'],
    ['an original that is not there', { originalSha256: 'e'.repeat(64) }, 'not-found'],
    ['a first picture that is not there', { settings: { init: { imageSha256: 'e'.repeat(64), strength: 0.5 } } }, 'not-found'],
    ['a size the decoder cannot draw', { settings: { ...quick, width: 63, height: 64 } }, 'bad-request'],
  ])('fail with a hint for %s', async (_, over, code) => {
    const { id } = await test.client.jobs.submit(shop.generate(over));
    const job = await waitForJob(test.client, id);
    expect(job).toMatchObject({ state: 'failed', result: null, error: { code } });
    expect(job.error?.hint).not.toBe('');
  });

  it('fail with a hint for a length the pack does not have', async () => {
    const { id } = await test.client.jobs.submit(shop.encode({ lengths: [6] }));
    const job = await waitForJob(test.client, id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'length-unsupported' } });
    expect(job.error?.hint).not.toBe('');
  });
});
