import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftResult, Job, ReSolveResult, WordValuesResult } from '../../contract/job.ts';
import { originOf, readingOf } from '../../contract/texts/prompt.ts';
import type { PromptDocument, Slot } from '../../contract/texts/prompt.ts';
import { blendRequestSchema } from '../../contract/texts/blend.ts';
import type { Blend } from '../../contract/texts/blend.ts';
import type { RefineBlendResult } from '../../contract/texts/refine-blend.ts';
import { alternativesAt } from '../../contract/texts/reading.ts';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { waitForJob, waitUntilRunning, watchJob } from './wait-for-job.ts';
import { Workshop, pictureOf, quick } from './workshop.ts';

const settings = { steps: 2, guidance: 3, seed: 7, count: 2 };

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('measuring words', { timeout: 180_000 }, () => {
  let shop: Workshop;
  let test: TestStudio;
  let text: PromptDocument;
  let originalSha256: string;

  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
    ({ test } = shop);
    originalSha256 = pictureOf(shop.sample);
    const [, read] = await shop.readTexts();
    if (read === undefined) throw new Error('no text');
    text = read.document;
  });
  afterAll(() => test.close());

  const values = (document = text, over: object = {}) =>
    test.client.jobs.submit({ kind: 'word-values', document, originalSha256, settings: { ...settings, ...over } });
  const solve = (document = text, budget = 24, over: object = {}) =>
    test.client.jobs.submit({
      kind: 're-solve',
      document,
      originalSha256,
      settings: { ...settings, ...over },
      judge: 'redraws',
      budget,
    });

  async function finish(kind: Job['request']['kind'], submitted: Promise<Job>) {
    const job = await waitForJob(test.client, (await submitted).id);
    if (job.result?.kind !== kind)
      throw new Error(`${job.state}: ${job.error?.message ?? ''} ${JSON.stringify(job.error?.details)}`);
    return job.result;
  }
  const fidelityOf = async (document: PromptDocument, over: object = {}) =>
    (await shop.draw({ prompt: { type: 'document', document }, settings: { ...quick, count: 2, ...over }, originalSha256 }))
      .fidelity;

  it('give a word what its text loses without it, as drawing shows', async () => {
    const result = (await finish('word-values', values())) as WordValuesResult;
    expect(result.words.length).toBeGreaterThan(3);
    const whole = await fidelityOf(text);
    // The picture of a batch equals the one drawn alone, so the gauge and the job say the same.
    expect(result.fidelity.perSeed).toEqual(whole?.perSeed);
    const [word] = result.words;
    if (word === undefined) throw new Error('no word');
    const without = await test.client.prompts.edit({
      document: text,
      edit: { type: 'delete', slotIds: word.slotIds },
    });
    const less = await fidelityOf(without);
    const differences = result.fidelity.perSeed.map(({ fidelity }, index) => fidelity - (less?.perSeed[index]?.fidelity ?? NaN));
    expect(word.value).toBeCloseTo(((differences[0] ?? 0) + (differences[1] ?? 0)) / 2, 10);
    expect(word.spread).toBeCloseTo(Math.abs((differences[0] ?? 0) - (differences[1] ?? 0)) / Math.SQRT2, 10);
  });

  it('count up without falling back, and draw nothing twice', async () => {
    const first = await watchJob(test.client, () => values(text, { seed: 100, count: 1 }));
    const fractions = first.map(({ progress }) => progress.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(first.at(-1)).toMatchObject({ state: 'done', attempts: 1, progress: { fraction: 1 } });
    expect(first.filter(({ progress }) => progress.phase === 'denoising').length).toBeGreaterThan(0);
    const again = await watchJob(test.client, () => values(text, { seed: 100, count: 1 }));
    expect(again.at(-1)?.result).toEqual(first.at(-1)?.result);
    expect(again.filter(({ progress }) => progress.phase === 'denoising')).toEqual([]);
  });

  it('stop when cancelled, and go on when asked', async () => {
    const slow = await values(text, { steps: 50, seed: 500 });
    await waitUntilRunning(test.client, slow.id);
    expect((await test.client.jobs.cancel({ jobId: slow.id })).state).toBe('cancelled');
    const again = await test.client.jobs.retry({ jobId: slow.id });
    expect(again.state).toBe('queued');
    await test.client.jobs.cancel({ jobId: slow.id });
    expect((await waitForJob(test.client, slow.id)).state).toBe('cancelled');
  });

  it('solve again around locks without losing what was reached', async () => {
    const spoilt = await test.client.prompts.edit({ document: text, edit: { type: 'set-text', text: worse(text) } });
    const [first] = spoilt.slots;
    const locked = await test.client.prompts.edit({
      document: spoilt,
      edit: { type: 'lock', slotIds: [first?.id ?? ''], locked: true },
    });
    const result = (await finish('re-solve', solve(locked))) as ReSolveResult;
    expect(result.after.mean).toBeGreaterThanOrEqual(result.before.mean);
    expect(result.document.slots[0]).toMatchObject({ id: first?.id, tokenId: first?.tokenId, locked: true });
    expect(result.document.slots.map(({ id }) => id)).toEqual(locked.slots.map(({ id }) => id));
    expect(result.before.perSeed.map(({ seed }) => seed)).toEqual([7, 8]);
    expect(result.check.after.perSeed.map(({ seed }) => seed)).toEqual([9, 10]);
    expect(result.drawn).toBeLessThanOrEqual(24 + 4);
    expect(await fidelityOf(result.document)).toEqual(result.after);
    // Whatever was read from a picture names a reading that is stored, and whatever changed is a reading of the picture.
    for (const slot of result.document.slots.filter(({ position }) => position !== null)) {
      const place = readingOf(result.document, slot);
      const reading = await test.studio.readReading(place?.sha256 ?? '');
      expect(alternativesAt(reading, place?.position ?? -1).length).toBeGreaterThan(0);
    }
    const changed = result.comparison.tokens.filter(({ change }) => change === 'inserted');
    for (const { after } of changed) {
      const slot = result.document.slots[after ?? -1];
      expect(slot?.locked ?? false).toBe(false);
      expect(slot && originOf(result.document, slot)).toBe('imageA');
    }
  });

  it("solve by the decoder's own loss, the same with the same seed, and draw for the comparison alone", async () => {
    const spoilt = await test.client.prompts.edit({ document: text, edit: { type: 'set-text', text: worse(text) } });
    const [first] = spoilt.slots;
    const locked = await test.client.prompts.edit({
      document: spoilt,
      edit: { type: 'lock', slotIds: [first?.id ?? ''], locked: true },
    });
    const byLoss = () =>
      test.client.jobs.submit({ kind: 're-solve', document: locked, originalSha256, settings, judge: 'loss', budget: 1000 });
    const result = (await finish('re-solve', byLoss())) as ReSolveResult;
    expect(result.loss?.after).toBeLessThan(result.loss?.before ?? 0);
    expect(result.loss?.evaluations).toBeGreaterThan(20);
    expect(result.after.mean).toBeGreaterThan(result.before.mean);
    expect(result.drawn).toBe(4);
    expect(result.document.slots[0]).toMatchObject({ id: first?.id, tokenId: first?.tokenId, locked: true });
    const again = (await finish('re-solve', byLoss())) as ReSolveResult;
    expect(again.document.slots.map(({ tokenId }) => tokenId)).toEqual(result.document.slots.map(({ tokenId }) => tokenId));
    expect(again.loss).toEqual(result.loss);
  });

  it('refine a blend at the words of its scene, by the loss where no object stands, the same with the same seed', async () => {
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const other = await test.client.images.addSample({ packId: PACK_ID, file: samples[1]?.file ?? '' });
    const [scene] = (await shop.read({ imageSha256s: [pictureOf(other)], lengths: [15] })).images[0]?.documents ?? [];
    if (scene === undefined) throw new Error('no text');
    const sides = { a: { type: 'document', document: text }, b: { type: 'document', document: scene.document } } as const;
    let blend: Blend | null = null;
    for await (const event of await test.client.language.blend(blendRequestSchema.parse(sides)))
      if (event.type === 'done') blend = event.blend;
    if (blend === null) throw new Error('no blend');
    const written = blend.aPlusB.document;
    const isScene = (slot: Slot): boolean => originOf(written, slot) === 'imageB';
    // A word of the scene that the picture does not show.
    const spoilt = written.slots.find(isScene);
    if (spoilt === undefined) throw new Error('no word of the scene');
    const reading = await test.studio.readReading(readingOf(written, spoilt)?.sha256 ?? '');
    const least = alternativesAt(reading, spoilt.position ?? 0).at(-1);
    const document = await test.client.prompts.edit({
      document: written,
      edit: { type: 'choose-alternative', slotId: spoilt.id, tokenId: least?.tokenId ?? 0 },
    });
    const refine = () =>
      test.client.jobs.submit({
        ...{ kind: 'refine-blend', document, objectDocument: text, sceneDocument: scene.document },
        ...{ budget: 400, seed: 3 },
      });
    const result = (await finish('refine-blend', refine())) as RefineBlendResult;
    expect(result.loss.after).toBeLessThan(result.loss.before);
    expect(result.checks).toMatchObject({ subject: true, glued: [] });
    expect(result.document.slots.map(({ id }) => id)).toEqual(document.slots.map(({ id }) => id));
    for (const [at, slot] of document.slots.entries()) if (!isScene(slot)) expect(result.document.slots[at]).toEqual(slot);
    expect(result.comparison).toEqual(await test.client.prompts.compare({ before: document, after: result.document }));
    const again = (await finish('refine-blend', refine())) as RefineBlendResult;
    expect(again.document.slots).toEqual(result.document.slots);

    const byHand = await test.client.prompts.create({ text: 'a pale sky' });
    const refused = await test.client.jobs.submit({
      ...{ kind: 'refine-blend', document, objectDocument: text, sceneDocument: byHand },
      ...{ budget: 400, seed: 3 },
    });
    expect(await waitForJob(test.client, refused.id)).toMatchObject({ state: 'failed', error: { code: 'bad-request' } });
  });

  it('say that nothing is free when every word is locked', async () => {
    const locked = await test.client.prompts.edit({
      document: text,
      edit: { type: 'lock', slotIds: text.slots.map(({ id }) => id), locked: true },
    });
    const job = await waitForJob(test.client, (await solve(locked)).id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'bad-request' } });
  });

  it('hear what was drawn, and keep it as a text of that picture', async () => {
    const drawn = await shop.draw({ prompt: { type: 'document', document: text }, originalSha256, parents: [shop.sample.id] });
    const imageSha256 = pictureOf(drawn.items[0]);
    const submitted = test.client.jobs.submit({ kind: 'drift', document: text, imageSha256 });
    const result = (await finish('drift', submitted)) as DriftResult;
    expect(result.heard).toMatchObject({ length: text.length, imageSha256 });
    expect(result.comparison).toEqual(await test.client.prompts.compare({ before: text, after: result.heard }));
    const { ancestors } = await test.client.library.lineage({ itemId: result.itemId });
    expect(ancestors.map(({ id }) => id)).toContain(drawn.items[0]?.id);
    const taken = await test.client.prompts.edit({ document: text, edit: { type: 'take-heard', heard: result.heard } });
    expect(taken.slots.map(({ tokenId }) => tokenId)).toEqual(result.heard.slots.map(({ tokenId }) => tokenId));
  });

  it('refuse a text of another vocabulary and a text without words', async () => {
    const foreign = await waitForJob(test.client, (await values({ ...text, packId: 'other' })).id);
    expect(foreign).toMatchObject({ state: 'failed', error: { code: 'bad-request' } });
    const empty = await waitForJob(test.client, (await values({ ...text, slots: [] })).id);
    expect(empty).toMatchObject({ state: 'failed', error: { code: 'prompt-empty' } });
    expect(await readFailure(values(text, { count: 9 }))).toMatchObject({ code: 'bad-request' });
  });
});

/** The text with its first and last word changed to words the encoder does not use for this picture. */
function worse({ slots }: PromptDocument): string {
  const words = slots
    .map(({ text: own, endsWord }) => own + (endsWord ? ' ' : ''))
    .join('')
    .trim()
    .split(' ');
  return ['soft', ...words.slice(1, -1), 'umbrella'].join(' ');
}
