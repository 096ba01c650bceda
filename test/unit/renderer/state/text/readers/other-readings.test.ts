import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { methodOf, regionOf } from '../../../../../../contract/texts/prompt.ts';
import { redrawPart, whyNoPart } from '../../../../../../renderer/state/canvas/mask/redraw-part.ts';
import type { ReaderOption } from '../../../../../../renderer/state/text/readers/reader-options.ts';
import type { Page } from '../../../../../../renderer/state/page.svelte.ts';
import { patience } from '../../../../../helpers/browser-patience.ts';
import { CoreBench } from '../../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

async function openScene(): Promise<Page> {
  const page = await bench.startPage();
  page.preferences.set({ length: 5 });
  await page.reading.openItem(await bench.addScene('Pig'));
  return page;
}

function readerOf(page: Page, key: string): ReaderOption {
  const option = page.readers.find(key);
  if (option === null) throw new Error(`nobody reads as ${key}`);
  return option;
}

it('lays another reading beside the open text, both drawn from one noise, and asks no judge about a text it guided', async () => {
  const page = await openScene();
  const { otherReadings: others, work } = page;
  const own = work.text;
  await others.read({ option: readerOf(page, 'clip-search'), length: 5, region: null });
  expect(others.error).toBeNull();
  const [open, other] = others.entries;
  expect(open).toMatchObject({ reader: null, text: own });
  expect(open?.similarity).toBeGreaterThan(0);
  // The embedded model has the one scorer, and that one guided the search.
  expect(other).toMatchObject({ similarity: null, region: null });
  expect(other?.pixelError).toBeGreaterThan(0);
  expect(others.judge).toMatchObject({ packId: 'tiny-scenes', isGuide: true });
  expect(open?.document.sources[0]).toMatchObject({ judge: 'tiny-scenes' });
  expect(other?.document.sources[0]).toMatchObject({ guide: 'tiny-scenes' });
  expect(other?.document.sources[0]).not.toHaveProperty('judge');
  await page.drawing.loadResults();
  const drawn = page.drawing.results.items.map(({ image, recipe }) => [image.sha256, recipe.seed]);
  expect(drawn).toContainEqual([open?.drawn, 1]);
  expect(drawn).toContainEqual([other?.drawn, 1]);
  if (other === undefined) throw new Error('no other reading');
  others.take(other);
  expect(work.document === null ? null : methodOf(work.document)).toBe('clip-search');
  work.undo();
  expect(work.text).toBe(own);
});

it('reads a part and the rest apart, as one text whose words know where they were read', async () => {
  const page = await openScene();
  const { otherReadings: others, work } = page;
  const region = { x: 0, y: 0, width: 64, height: 64 };
  await others.readApart({ option: readerOf(page, 'encoder'), length: 5, region });
  expect(others.error).toBeNull();
  const joined = others.entries.at(-1)?.document;
  if (joined === undefined) throw new Error('no reading');
  const parts = joined.slots.map((slot) => regionOf({ sources: joined.sources.slice(slot.source, slot.source + 1) }));
  expect([parts[0], parts.at(-1)]).toEqual([region, { ...region, around: true }]);
  await others.read({ option: readerOf(page, 'encoder'), length: 5, region });
  const alone = others.entries.at(-1);
  expect(alone).toMatchObject({ drawn: null, region });
  const words = work.document?.slots.length ?? 0;
  if (alone === undefined) throw new Error('no reading');
  await others.add(alone);
  expect(work.document?.slots).toHaveLength(words + alone.document.slots.length);
  expect(work.document?.sources.map((source) => (source.type === 'reading' ? source.region : null))).toEqual([undefined, region]);
});

it('draws the text of a part into that part, once, and leaves the rest of the original', async () => {
  const page = await openScene();
  const { otherReadings: others, work } = page;
  expect(whyNoPart(page)).toBe('The open text was not read from one part of the open picture.');
  const region = { x: 32, y: 0, width: 32, height: 128 };
  await others.read({ option: readerOf(page, 'encoder'), length: 5, region });
  const [alone] = others.entries;
  if (alone === undefined) throw new Error('no reading');
  others.take(alone);
  expect(whyNoPart(page)).toBeNull();
  const { picture } = work;
  page.masks.toggle();
  page.masks.begin({ x: 0.1, y: 0.1 });
  page.masks.end();
  page.preferences.set({ initStrength: null });
  const painted = page.masks.share;
  await redrawPart(page);
  await bench.until(() => expect(page.drawing.busy).toBe(false));
  expect(page.drawing.error).toBeNull();
  const { selected } = page.drawing.results;
  expect(selected?.recipe).toMatchObject({ text: alone.text, init: { imageSha256: picture?.sha256, strength: 1 } });
  const { maskSha256 = '' } = selected?.recipe.init ?? {};
  const own = await bench.core.client.images.maskOfRegion({ itemId: picture?.itemId ?? '', region });
  const pixelsOf = async (sha256: string) =>
    sharp(await bench.core.readImage(sha256))
      .greyscale()
      .raw()
      .toBuffer();
  expect(await pixelsOf(maskSha256)).toEqual(own.kind === 'prompt' ? null : await pixelsOf(own.image.sha256));
  // The next drawing begins as it was to begin before, and what was painted is as it was.
  expect([page.masks.share, page.preferences.values.initStrength]).toEqual([painted, null]);
  await page.drawing.generate();
  await bench.until(() => expect(page.drawing.busy).toBe(false));
  expect(page.drawing.results.selected?.recipe.init).toBeNull();
});

it('gives what several readers read to a grid, whose judge is named where it guided one of them', async () => {
  const page = await openScene();
  const { comparison } = page.otherReadings;
  const wishes = [
    { name: 'Encoder', option: readerOf(page, 'encoder'), length: 5 },
    {
      name: 'Nobody',
      option: { ...readerOf(page, 'clip-search'), choice: { method: 'caption' as const, connectionId: 'gone' } },
      length: 5,
    },
    { name: 'Likeness', option: readerOf(page, 'clip-search'), length: 3 },
  ];
  const transferId = (await comparison.compare(wishes, 2)) ?? '';
  // Who failed is told, and kept nobody else from reading.
  expect(comparison.error?.code).toBe('not-found');
  const { client } = bench.core;
  const { rows, tools, seeds, cells } = await client.transfers.get({ transferId });
  expect(rows.map(({ name }) => name)).toEqual(['Encoder', 'Likeness – guided by its judge']);
  expect([seeds.length, tools]).toEqual([2, [{ type: 'pack', packId: 'tiny-scenes' }]]);
  expect(rows.every(({ originalSha256 }) => originalSha256 === page.work.picture?.sha256)).toBe(true);
  expect(cells).toHaveLength(4);
  await expect
    .poll(async () => (await client.transfers.get({ transferId })).cells.filter(({ score }) => score !== null).length, patience)
    .toBe(4);
});

it('makes no grid where the comparison was stopped', async () => {
  const page = await openScene();
  const { comparison } = page.otherReadings;
  const wish = { name: 'Search', option: readerOf(page, 'decoder-search-from-nothing'), length: 15 };
  const known = (await bench.core.client.transfers.list()).length;
  const asked = comparison.compare([wish, wish], 1);
  await bench.until(() => expect(comparison.job?.state).toBe('running'));
  await comparison.cancel();
  expect(await asked).toBeNull();
  expect([comparison.error, comparison.busy, (await bench.core.client.transfers.list()).length]).toEqual([null, false, known]);
});

it('opens pictures with the reader that was chosen', async () => {
  const page = await bench.startPage();
  page.readers.choose('clip-search');
  page.readers.length = 3;
  await page.reading.openItem(await bench.addScene('Searched'));
  expect(page.work.document?.slots).toHaveLength(3);
  expect(page.work.document === null ? null : methodOf(page.work.document)).toBe('clip-search');
  expect(page.work.snapshot.open).toBe('3');
});
