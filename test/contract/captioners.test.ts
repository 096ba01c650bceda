import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodOf } from '../../contract/texts/prompt.ts';
import { addTinyCaptioner } from '../helpers/add-tiny-captioner.ts';
import { greys, isAtRest, rowsOf, sendFiles, waitForBatch } from './batch-workshop.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import { Workshop } from './workshop.ts';

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('a model that writes captions', { timeout: 600_000 }, () => {
  let shop: Workshop;
  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
    addTinyCaptioner(shop.test.studio.dataFolder);
  });
  afterAll(() => shop.test.close());
  const reader = { method: 'caption' as const, connectionId: 'teller' };

  it('reads a picture and a part of it', async () => {
    const texts = [{}, { region: { x: 0, y: 0, width: 32, height: 32 } }].map(async (over) => {
      const [image] = (await shop.read({ lengths: [4], reader, ...over })).images;
      if (image?.error !== null) throw new Error(image?.error?.message ?? 'no image');
      return image.documents[0]?.document;
    });
    const [whole, part] = await Promise.all(texts);
    expect(whole?.slots.length).toBeGreaterThan(0);
    expect(whole?.slots.length).toBeLessThanOrEqual(4);
    expect(whole?.sources[0]).toMatchObject({ method: 'caption', model: 'teller – Teller', packId: 'tiny-scenes' });
    expect(part?.sources[0]).toMatchObject({ method: 'caption', region: { width: 32 } });
  });

  it('reads the pictures of a batch, each of them alone', async () => {
    const { test } = shop;
    const { client } = test;
    const { id } = await client.batches.create({ name: 'Told', settings: { lengths: [4], reader, draw: null } });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(3)) });
    await waitForBatch(test, id, isAtRest);
    const rows = await rowsOf(test, id);
    expect(rows.map(({ state, error }) => [state, error])).toEqual(Array.from({ length: 3 }, () => ['done', null]));
    for (const { texts } of rows) {
      const item = await client.library.get({ itemId: texts[0]?.itemId ?? '' });
      expect(item.kind === 'prompt' ? methodOf(item.prompt) : null).toBe('caption');
    }
  });
});
