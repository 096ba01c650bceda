import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncodeRequest, GenerateRequest } from '../../contract/job.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { PACK_ID, hasPack, transports } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { waitForJob, watchJob } from './wait-for-job.ts';

const LENGTHS = [5, 15, 75];
const quick: GenerateSettings = { steps: 2, guidance: 3, seed: 7 };

function pictureOf(item: LibraryItem): string {
  if (item.kind === 'prompt') throw new Error('a text has no picture');
  return item.image.sha256;
}

describe.skipIf(!hasPack).each(transports)('jobs $name', ({ open }) => {
  let test: TestStudio;
  let sample: LibraryItem;

  beforeAll(async () => {
    test = await open();
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const [first] = samples;
    if (first === undefined) throw new Error('a pack without samples');
    sample = await test.client.images.addSample({ packId: PACK_ID, file: first.file });
  });
  afterAll(() => test.close());

  const encode = (over: Partial<EncodeRequest> = {}): EncodeRequest => ({
    kind: 'encode',
    imageSha256s: [pictureOf(sample)],
    lengths: LENGTHS,
    ...over,
  });
  const generate = (over: Partial<GenerateRequest> = {}): GenerateRequest => ({
    kind: 'generate',
    prompt: { type: 'text', text: 'a red fox on a green hill' },
    settings: quick,
    parents: [],
    ...over,
  });
  const finish = async (request: EncodeRequest | GenerateRequest) => {
    const { id } = await test.client.jobs.submit(request);
    const job = await waitForJob(test.client, id);
    if (job.state !== 'done') throw new Error(`${job.state}: ${job.error?.message ?? ''}`);
    return job;
  };
  const draw = async (over: Partial<GenerateRequest> = {}) => {
    const { result } = await finish(generate(over));
    if (result?.kind !== 'generate') throw new Error('no generation');
    return result;
  };
  const readTexts = async () => {
    const { result } = await finish(encode());
    if (result?.kind !== 'encode') throw new Error('no encoding');
    const [image] = result.images;
    if (image === undefined) throw new Error('no image');
    return image.documents;
  };

  it('read a picture at every length, and keep the texts with the picture as parent', async () => {
    const documents = await readTexts();
    expect(documents.map(({ document }) => document.length)).toEqual(LENGTHS);
    for (const { itemId, document } of documents) {
      expect(document.slots.length).toBeGreaterThan(0);
      expect(document.slots.length).toBeLessThanOrEqual(document.length ?? 0);
      expect(document).toMatchObject({ packId: PACK_ID, imageSha256: pictureOf(sample) });
      const { item, ancestors } = await test.client.library.lineage({ itemId });
      expect(item).toMatchObject({ kind: 'prompt', prompt: document });
      expect(ancestors.map(({ id }) => id)).toEqual([sample.id]);
    }
  });

  it('isolate a picture that is not there', async () => {
    const missing = 'e'.repeat(64);
    const { result } = await finish(encode({ imageSha256s: [missing, pictureOf(sample)], lengths: [5] }));
    if (result?.kind !== 'encode') throw new Error('no encoding');
    expect(result.images.map(({ imageSha256 }) => imageSha256)).toEqual([missing, pictureOf(sample)]);
    expect(result.images[0]).toMatchObject({ documents: [], error: { code: 'not-found' } });
    expect(result.images[0]?.error?.hint).not.toBe('');
    expect(result.images[1]).toMatchObject({ error: null });
    expect(result.images[1]?.documents).toHaveLength(1);
  });

  it('draw a text, push progress that never falls, and end as done', async () => {
    const states = await watchJob(test.client, () => test.client.jobs.submit(generate({ settings: { ...quick, steps: 6 } })));
    const fractions = states.map(({ progress }) => progress.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const last = states.at(-1);
    expect(last).toMatchObject({ state: 'done', attempts: 1, error: null, progress: { fraction: 1 } });
    if (last?.result?.kind !== 'generate') throw new Error('no generation');
    const [item] = last.result.items;
    expect(item).toMatchObject({
      kind: 'generation',
      recipe: { seed: 7, steps: 6, guidance: 3, text: 'a red fox on a green hill' },
    });
  });

  it('draw the same bytes again from the recipe alone', async () => {
    const [document] = await readTexts();
    if (document === undefined) throw new Error('no text');
    const weighed = await test.client.prompts.edit({
      document: document.document,
      edit: { type: 'weigh', slotIds: [document.document.slots[0]?.id ?? ''], weight: 1.3 },
    });
    const first = await draw({
      prompt: { type: 'document', document: weighed },
      settings: { ...quick, scheduler: 'euler-ancestral' },
    });
    const [item] = first.items;
    if (item?.kind !== 'generation') throw new Error('no generation');
    const { recipe } = item;
    expect(recipe.tokenIds).toEqual(weighed.slots.map(({ tokenId }) => tokenId));
    expect(recipe.tokenWeights).toEqual(weighed.slots.map(({ weight }) => weight));

    const blank = await test.client.prompts.create({ text: '' });
    const slots = recipe.tokenIds.map((tokenId, index) => ({
      id: `r${index}`,
      tokenId,
      text: weighed.slots[index]?.text ?? '',
      endsWord: weighed.slots[index]?.endsWord ?? true,
      origin: 'hand' as const,
      exact: true,
      probability: null,
      position: null,
      alternatives: [],
      attention: null,
      weight: recipe.tokenWeights[index] ?? 1,
      locked: false,
      muted: false,
    }));
    const { steps, guidance, seed, scheduler, negative, width, height } = recipe;
    const second = await draw({
      prompt: { type: 'document', document: { ...blank, slots } },
      settings: { steps, guidance, seed, scheduler, negative, width, height },
    });
    expect(second.items.map(pictureOf)).toEqual([item.image.sha256]);
  });

  it('leave muted words out', async () => {
    const [text] = await readTexts();
    if (text === undefined) throw new Error('no text');
    const { document } = text;
    const muted = await test.client.prompts.edit({
      document,
      edit: { type: 'mute', slotIds: [document.slots[1]?.id ?? ''], muted: true },
    });
    const { items } = await draw({ prompt: { type: 'document', document: muted } });
    const [item] = items;
    if (item?.kind !== 'generation') throw new Error('no generation');
    expect(item.recipe.tokenIds).toHaveLength(document.slots.length - 1);
    expect(item.recipe.tokenIds).not.toContain(document.slots[1]?.tokenId);
  });

  it('take the pack’s defaults and a random seed, and write both into the recipe', async () => {
    const pack = await test.client.packs.info({ packId: PACK_ID });
    const decoder = pack.roles.decoder;
    if (decoder === undefined) throw new Error('no decoder');
    const { items } = await draw({ settings: { steps: 2, count: 2 } });
    const recipes = items.map((item) => (item.kind === 'generation' ? item.recipe : null));
    for (const recipe of recipes) {
      expect(recipe).toMatchObject({
        guidance: decoder.defaults.guidance,
        scheduler: decoder.defaults.scheduler,
        negative: decoder.defaults.negative,
        width: decoder.image.width,
        height: decoder.image.height,
        pack: { id: PACK_ID, version: pack.version },
        init: null,
      });
    }
    expect(recipes[1]?.seed).toBe((recipes[0]?.seed ?? 0) + 1);
    expect(new Set(items.map(pictureOf)).size).toBe(2);
  });

  it('compare with an original', async () => {
    const { fidelity, items } = await draw({
      settings: { ...quick, count: 3 },
      originalSha256: pictureOf(sample),
      parents: [sample.id],
    });
    expect(fidelity?.perSeed.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    const values = fidelity?.perSeed.map((one) => one.fidelity) ?? [];
    const mean = values.reduce((sum, value) => sum + value, 0) / 3;
    expect(fidelity?.mean).toBeCloseTo(mean, 10);
    expect(fidelity?.spread).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 10);
    for (const item of items) expect(item.parents).toEqual([sample.id]);
  });

  it('begin from a picture', async () => {
    const init = { imageSha256: pictureOf(sample), strength: 0.5 };
    const { items } = await draw({ settings: { ...quick, steps: 4, init } });
    expect(items[0]).toMatchObject({ recipe: { init } });
    const { items: without } = await draw({ settings: { ...quick, steps: 4 } });
    expect(pictureOf(items[0] ?? sample)).not.toBe(pictureOf(without[0] ?? sample));
  });

  it('go from picture to text to pictures', async () => {
    const job = await test.client.jobs.submit({
      kind: 'roundtrip',
      imageSha256: pictureOf(sample),
      lengths: [5, 75],
      settings: { ...quick, count: 2 },
    });
    const { result, state } = await waitForJob(test.client, job.id);
    expect(state).toBe('done');
    if (result?.kind !== 'roundtrip') throw new Error('no roundtrip');
    expect(result.rounds.map(({ document }) => document.length)).toEqual([5, 75]);
    for (const round of result.rounds) {
      expect(round.items).toHaveLength(2);
      expect(round.fidelity.perSeed.map(({ seed }) => seed)).toEqual([7, 8]);
      for (const item of round.items) {
        const { ancestors } = await test.client.library.lineage({ itemId: item.id });
        expect(ancestors.map(({ id }) => id)).toEqual([sample.id, round.itemId]);
      }
    }
  });

  it('show previews while they draw', async () => {
    const stop = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: stop.signal });
    await events.next();
    const { id } = await test.client.jobs.submit(generate({ settings: { ...quick, steps: 60 } }));
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
    const { id } = await test.client.jobs.submit(generate({ settings: { ...quick, steps: 200, count: 8 } }));
    const cancelled = await test.client.jobs.cancel({ jobId: id });
    expect(cancelled).toMatchObject({ state: 'cancelled', error: null });

    const second = await test.client.jobs.submit(generate());
    await waitForJob(test.client, second.id);
    expect(await test.client.jobs.retry({ jobId: id })).toMatchObject({ id, state: 'queued' });
    expect(await test.client.jobs.cancel({ jobId: id })).toMatchObject({ state: 'cancelled' });
  });

  it('are listed without their results, and forgotten when cleared', async () => {
    const job = await finish(generate());
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
    const { id } = await test.client.jobs.submit(generate(over));
    const job = await waitForJob(test.client, id);
    expect(job).toMatchObject({ state: 'failed', result: null, error: { code } });
    expect(job.error?.hint).not.toBe('');
  });

  it('fail with a hint for a length the pack does not have', async () => {
    const { id } = await test.client.jobs.submit(encode({ lengths: [6] }));
    const job = await waitForJob(test.client, id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'length-unsupported' } });
    expect(job.error?.hint).not.toBe('');
  });
});
