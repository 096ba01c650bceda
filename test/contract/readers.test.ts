import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSchema, consentsOf } from '../../contract/outside/connection.ts';
import type { EncodeRequest } from '../../contract/job.ts';
import { clipSearchSchema, decoderSearchSchema } from '../../contract/texts/reader-choice.ts';
import { guidesOf, methodOf, readingOf, regionOf } from '../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { alternativesAt } from '../../contract/texts/reading.ts';
import type { PictureRegion } from '../../contract/texts/reading.ts';
import { modelServer, writeChat } from '../helpers/model-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { greys, isAtRest, rowsOf, sendFiles, waitForBatch } from './batch-workshop.ts';
import { hasPack, openInProcess, PACK_ID } from './open-test-studio.ts';
import { watchJob } from './wait-for-job.ts';
import { Workshop } from './workshop.ts';

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('readers', { timeout: 600_000 }, () => {
  let shop: Workshop;
  beforeAll(async () => {
    shop = await Workshop.open(openInProcess);
  });
  afterAll(() => shop.test.close());

  async function read(over: Partial<EncodeRequest>): Promise<PromptDocument[]> {
    const [image] = (await shop.read(over)).images;
    if (image?.error !== null) throw new Error(image?.error?.message ?? 'no image');
    return image.documents.map(({ document }) => document);
  }
  const wordsOf = ({ slots }: PromptDocument): string => slots.map(({ text }) => text).join(' ');
  const clip = (over: object = {}) => clipSearchSchema.parse({ method: 'clip-search', ...over });

  it('search by likeness at any length, label what they found, and give alternatives at every place', async () => {
    const [five, nine] = await read({ lengths: [5, 9], reader: clip() });
    if (five === undefined || nine === undefined) throw new Error('no texts');
    expect([five, nine].map(({ slots }) => slots.length)).toEqual([5, 9]);
    expect(methodOf(five)).toBe('clip-search');
    expect(guidesOf(five)).toEqual([PACK_ID]);
    const place = five.slots[2] === undefined ? null : readingOf(five, five.slots[2]);
    const reading = await shop.test.studio.readReading(place?.sha256 ?? '');
    expect(reading).toMatchObject({
      schemaVersion: 2,
      reader: { method: 'clip-search', packId: PACK_ID },
      length: 5,
      attention: null,
    });
    for (const [index, slot] of five.slots.entries()) {
      const alternatives = alternativesAt(reading, index);
      expect(alternatives.length).toBeGreaterThan(1);
      expect(alternatives[0]).toMatchObject({ tokenId: slot.tokenId, probability: slot.probability });
    }
    expect(wordsOf((await read({ lengths: [5], reader: clip() }))[0] ?? five)).toBe(wordsOf(five));
  });

  it('search what fits least, and around the words a person locked', async () => {
    const [most] = await read({ lengths: [5], reader: clip() });
    const [least] = await read({ lengths: [5], reader: clip({ aim: 'least' }) });
    if (most === undefined || least === undefined) throw new Error('no texts');
    expect(methodOf(least)).toBe('clip-search-least');
    expect(least.slots.some(({ text }) => wordsOf(most).includes(text))).toBe(false);
    const text = await shop.test.client.prompts.create({ packId: PACK_ID, text: 'whale castle' });
    const slotIds = [text.slots.find((slot) => slot.text === 'whale')?.id ?? ''];
    const document = await shop.test.client.prompts.edit({ document: text, edit: { type: 'lock', slotIds, locked: true } });
    const [around] = await read({ lengths: [5], reader: clip({ document }) });
    expect(around?.slots[0]).toMatchObject({ text: 'whale', locked: true });
    expect(around?.slots).toHaveLength(5);
    const tooShort = await shop
      .finish(shop.encode({ lengths: [1], reader: clip({ document }) }))
      .catch((error: unknown) => error);
    expect(String(tooShort)).toContain('The text to begin with has 2 tokens');
  });

  it('read a part of a picture alone, by any reader, and their words know it', async () => {
    const [whole] = await read({ lengths: [5] });
    const region = { x: 0, y: 0, width: 96, height: 64 };
    for (const reader of [{ method: 'encoder' as const }, clip()]) {
      const [part] = await read({ lengths: [5], reader, region });
      if (part === undefined || whole === undefined) throw new Error('no texts');
      expect(regionOf(part)).toEqual(region);
      expect(part.imageSha256).toBe(whole.imageSha256);
      expect(wordsOf(part)).not.toBe(wordsOf(whole));
      const place = part.slots[0] === undefined ? null : readingOf(part, part.slots[0]);
      expect(await shop.test.studio.readReading(place?.sha256 ?? '')).toMatchObject({ region, imageSha256: whole.imageSha256 });
    }
    const outside = await shop.read({ lengths: [5], region: { ...region, width: 5000 } });
    expect(outside.images[0]).toMatchObject({ documents: [], error: { code: 'bad-request' } });
  });

  it('leave a part out, or keep the shape of one, and say so', async () => {
    const [whole] = await read({ lengths: [5] });
    const box = { x: 0, y: 0, width: 96, height: 64 };
    const outline: [number, number][] = [
      [0, 0],
      [96, 0],
      [0, 64],
    ];
    const regions: PictureRegion[] = [
      { ...box, around: true },
      { ...box, outline },
    ];
    for (const region of regions) {
      const [part] = await read({ lengths: [5], region });
      if (part === undefined || whole === undefined) throw new Error('no texts');
      expect(regionOf(part)).toEqual(region);
      const place = part.slots[0] === undefined ? null : readingOf(part, part.slots[0]);
      expect(await shop.test.studio.readReading(place?.sha256 ?? '')).toMatchObject({ schemaVersion: 3, region });
    }
  });

  it('let a language model that sees say what a picture shows, as a text without alternatives', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, '{"caption":"a pig on plain pink, upright"}'));
    const address = `${await serveHttp(listener)}/v1`;
    const { client } = shop.test;
    const added = await client.connections.add(
      connectionSchema.parse({ id: 'eyes', kind: 'openai-compatible', address, model: 'llava', sees: true }),
    );
    const reader = { method: 'caption' as const, connectionId: 'eyes' };
    await expect(read({ lengths: [5], reader })).rejects.toThrow('Nobody has agreed');
    for (const consent of consentsOf(added)) await client.network.allow(consent);
    const [short, long] = await read({ lengths: [4, 15], reader });
    if (short === undefined || long === undefined) throw new Error('no texts');
    expect([wordsOf(short), wordsOf(long)]).toEqual(['a pig on plain', 'a pig on plain pink , upright']);
    expect(methodOf(long)).toBe('caption');
    expect(long.sources[0]).toMatchObject({ method: 'caption', model: 'eyes – llava', length: 15 });
    const place = long.slots[0] === undefined ? null : readingOf(long, long.slots[0]);
    const reading = await shop.test.studio.readReading(place?.sha256 ?? '');
    expect(reading).toMatchObject({ schemaVersion: 3, reader: { method: 'caption', model: 'eyes – llava' }, topK: 1 });
    expect(heard).toHaveLength(2);
  });

  it("search by the decoder's loss from nothing and from a caption, and say what the loss was", async () => {
    const search = (over: object = {}) => decoderSearchSchema.parse({ method: 'decoder-search', evaluations: 600, ...over });
    const { images } = await shop.read({ lengths: [5], reader: search({ from: 'nothing' }) });
    const [found] = images[0]?.documents ?? [];
    if (found === undefined) throw new Error(images[0]?.error?.message);
    expect(methodOf(found.document)).toBe('decoder-search');
    // The pack says itself which words stand where.
    expect(guidesOf(found.document)).toEqual([]);
    const [likest] = await read({ lengths: [2], reader: search({ from: 'clip-search', evaluations: 2 }) });
    expect(likest?.sources[0]).toMatchObject({ method: 'decoder-search', guide: PACK_ID });
    expect(found.document.slots.length).toBeGreaterThan(0);
    expect(found.document.slots.length).toBeLessThanOrEqual(5);
    expect(found.loss?.after).toBeLessThan(found.loss?.before ?? 0);
    const caption = await shop.test.client.prompts.create({ packId: PACK_ID, text: 'a pig on plain pink' });
    const slotIds = [caption.slots.find((slot) => slot.text === 'pig')?.id ?? ''];
    const document = await shop.test.client.prompts.edit({ document: caption, edit: { type: 'lock', slotIds, locked: true } });
    const [grown] = await read({ lengths: [5], reader: search({ from: 'text', document, evaluations: 20 }) });
    expect(grown?.slots.filter(({ locked }) => locked === true).map(({ text }) => text)).toEqual(['pig']);
    await expect(shop.read({ lengths: [5], reader: search({ from: 'text' }) })).rejects.toThrow('no text to begin with');
  });

  it('tell the best text so far while they search, and how long it takes still', async () => {
    const { client } = shop.test;
    for (const reader of [clip(), decoderSearchSchema.parse({ method: 'decoder-search', from: 'nothing', evaluations: 900 })]) {
      const seen = await watchJob(client, () => client.jobs.submit(shop.encode({ lengths: [15], reader })));
      const { result } = seen.at(-1) ?? {};
      if (result?.kind !== 'encode') throw new Error(seen.at(-1)?.error?.message ?? 'no texts');
      const told = [...new Set(seen.flatMap(({ progress: { text = '' } }) => (text === '' ? [] : [text])))];
      expect(told.length).toBeGreaterThan(0);
      if (reader.method === 'decoder-search') {
        const words = told.map((text) => text.split(' ').length);
        expect(words[0]).toBeLessThan(words.at(-1) ?? 0);
        expect(told.at(-1)).toBe(result.images[0]?.documents.map(({ document }) => wordsOf(document))[0]);
      }
      expect(seen.some(({ progress }) => progress.remainingMs !== null)).toBe(true);
    }
  });

  it('read the pictures of a batch', async () => {
    const { test } = shop;
    const { client } = test;
    const reader = clip({ seed: 2 });
    const { id } = await client.batches.create({ name: 'Searched', settings: { lengths: [3], reader, draw: null } });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(1)) });
    await waitForBatch(test, id, isAtRest);
    const [row] = await rowsOf(test, id);
    const item = await client.library.get({ itemId: row?.texts[0]?.itemId ?? '' });
    expect(item.kind === 'prompt' ? methodOf(item.prompt) : null).toBe('clip-search');
  });
});
