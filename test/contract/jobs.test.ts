import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { waitForJob, watchJob } from './wait-for-job.ts';
import { LENGTHS, Workshop, pictureOf, quick } from './workshop.ts';

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('encode, generate and roundtrip', { timeout: 180_000 }, () => {
  let shop: Workshop;
  let test: TestStudio;

  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
    ({ test } = shop);
  });
  afterAll(() => test.close());

  it('read a picture at every length, and keep the texts with the picture as parent', async () => {
    const documents = await shop.readTexts();
    expect(documents.map(({ document }) => document.length)).toEqual(LENGTHS);
    for (const { itemId, document } of documents) {
      expect(document.slots.length).toBeGreaterThan(0);
      expect(document.slots.length).toBeLessThanOrEqual(document.length ?? 0);
      expect(document).toMatchObject({ packId: PACK_ID, imageSha256: pictureOf(shop.sample) });
      const { item, ancestors } = await test.client.library.lineage({ itemId });
      expect(item).toMatchObject({ kind: 'prompt', prompt: document });
      expect(ancestors.map(({ id }) => id)).toEqual([shop.sample.id]);
    }
  });

  it('isolate a picture that is not there', async () => {
    const missing = 'e'.repeat(64);
    const result = await shop.read({ imageSha256s: [missing, pictureOf(shop.sample)], lengths: [5] });
    expect(result.images.map(({ imageSha256 }) => imageSha256)).toEqual([missing, pictureOf(shop.sample)]);
    expect(result.images[0]).toMatchObject({ documents: [], error: { code: 'not-found' } });
    expect(result.images[0]?.error?.hint).not.toBe('');
    expect(result.images[1]).toMatchObject({ error: null });
    expect(result.images[1]?.documents).toHaveLength(1);
  });

  it('draw a text, push progress that never falls, and end as done', async () => {
    const states = await watchJob(test.client, () =>
      test.client.jobs.submit(shop.generate({ settings: { ...quick, steps: 6 } })),
    );
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
    const [document] = await shop.readTexts();
    if (document === undefined) throw new Error('no text');
    const weighed = await test.client.prompts.edit({
      document: document.document,
      edit: { type: 'weigh', slotIds: [document.document.slots[0]?.id ?? ''], weight: 1.3 },
    });
    const first = await shop.draw({
      prompt: { type: 'document', document: weighed },
      settings: { ...quick, scheduler: 'euler-ancestral' },
    });
    const [item] = first.items;
    if (item?.kind !== 'generation' || item.recipe.kind !== 'local') throw new Error('no generation');
    const { recipe } = item;
    expect(recipe.tokenIds).toEqual(weighed.slots.map(({ tokenId }) => tokenId));
    expect(recipe.tokenWeights).toEqual(weighed.slots.map(({ weight }) => weight));

    const blank = await test.client.prompts.create({ text: '' });
    const slots = recipe.tokenIds.map((tokenId, index) => ({
      id: `r${index}`,
      tokenId,
      text: weighed.slots[index]?.text ?? '',
      endsWord: weighed.slots[index]?.endsWord ?? true,
      source: 0,
      exact: true,
      probability: null,
      position: null,
      weight: recipe.tokenWeights[index] ?? 1,
    }));
    const { steps, guidance, seed, scheduler, negative, width, height } = recipe;
    const second = await shop.draw({
      prompt: { type: 'document', document: { ...blank, slots } },
      settings: { steps, guidance, seed, scheduler, negative, width, height },
    });
    expect(second.items.map(pictureOf)).toEqual([item.image.sha256]);
  });

  it('leave muted words out', async () => {
    const [text] = await shop.readTexts();
    if (text === undefined) throw new Error('no text');
    const { document } = text;
    const muted = await test.client.prompts.edit({
      document,
      edit: { type: 'mute', slotIds: [document.slots[1]?.id ?? ''], muted: true },
    });
    const { items } = await shop.draw({ prompt: { type: 'document', document: muted } });
    const [item] = items;
    if (item?.kind !== 'generation' || item.recipe.kind !== 'local') throw new Error('no generation');
    const kept = document.slots.filter((_, index) => index !== 1);
    expect(item.recipe.tokenIds).toEqual(kept.map(({ tokenId }) => tokenId));
  });

  it('take the pack’s defaults and a random seed, and write both into the recipe', async () => {
    const pack = await test.client.packs.info({ packId: PACK_ID });
    const decoder = pack.roles.decoder;
    if (decoder === undefined) throw new Error('no decoder');
    const { items } = await shop.draw({ settings: { steps: 2, count: 2 } });
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
    const { fidelity, items } = await shop.draw({
      settings: { ...quick, count: 3 },
      originalSha256: pictureOf(shop.sample),
      parents: [shop.sample.id],
    });
    expect(fidelity?.perSeed.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    const values = fidelity?.perSeed.map((one) => one.fidelity) ?? [];
    const mean = values.reduce((sum, value) => sum + value, 0) / 3;
    expect(fidelity?.mean).toBeCloseTo(mean, 10);
    expect(fidelity?.spread).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2), 10);
    for (const item of items) expect(item.parents).toEqual([shop.sample.id]);
  });

  it('begin from a picture', async () => {
    const init = { imageSha256: pictureOf(shop.sample), strength: 0.5 };
    const { items } = await shop.draw({ settings: { ...quick, steps: 4, init } });
    expect(items[0]).toMatchObject({ recipe: { init } });
    const { items: without } = await shop.draw({ settings: { ...quick, steps: 4 } });
    expect(pictureOf(items[0])).not.toBe(pictureOf(without[0]));
  });

  it('draw a part of a picture anew, and say so', async () => {
    const add = async (colours: Uint8Array, height = 64) => {
      const raw = { width: 64, height, channels: 3 as const };
      return (await test.studio.addImage(await sharp(colours, { raw }).png().toBuffer(), { title: 'mask' })).image.sha256;
    };
    const half = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (Math.floor(index / 3) % 64 < 32 ? 0 : 255));
    const init = { imageSha256: await add(Buffer.alloc(64 * 64 * 3, 90)), strength: 1, maskSha256: await add(half) };
    const { items } = await shop.draw({ settings: { ...quick, steps: 4, init } });
    expect(items[0]).toMatchObject({ recipe: { init } });
    const whole = { imageSha256: init.imageSha256, strength: init.strength };
    const { items: without } = await shop.draw({ settings: { ...quick, steps: 4, init: whole } });
    expect(pictureOf(items[0])).not.toBe(pictureOf(without[0]));

    const wide = await add(Buffer.alloc(64 * 32 * 3, 255), 32);
    for (const [maskSha256, code] of [
      [wide, 'bad-request'],
      [await add(Buffer.alloc(64 * 64 * 3)), 'bad-request'],
      ['e'.repeat(64), 'not-found'],
    ] as const) {
      const job = await test.client.jobs.submit(shop.generate({ settings: { ...quick, init: { ...init, maskSha256 } } }));
      expect(await waitForJob(test.client, job.id)).toMatchObject({ state: 'failed', error: { code } });
    }
  });

  it('go from picture to text to pictures', async () => {
    const job = await test.client.jobs.submit({
      kind: 'roundtrip',
      imageSha256: pictureOf(shop.sample),
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
        expect(ancestors.map(({ id }) => id)).toEqual([shop.sample.id, round.itemId]);
      }
    }
  });
});
