import { afterAll, beforeAll, expect, it } from 'vitest';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('goes from words to the picture and back', async () => {
  const page = await bench.startPage();
  await page.reading.openItem(await bench.addScene('Pig'));
  const { attention } = page;
  await bench.until(() => expect(attention.grid).not.toBeNull());
  const columns = attention.grid?.columns ?? 0;
  const seen = (page.work.document?.slots ?? []).map((slot) => {
    const { id } = slot;
    const shares = page.readings.attention(page.work.document, slot);
    const patch = shares === null ? -1 : shares.indexOf(Math.max(...shares));
    return { id, patch, peak: { row: Math.floor(patch / columns), column: patch % columns } };
  });
  const [first] = seen;
  const other = seen.find(({ patch }) => patch !== first?.patch);
  if (first === undefined || other === undefined) throw new Error('Words look at more than one place.');
  attention.caret([first.id]);
  attention.hover([other.id]);
  expect(attention.heat?.peak).toEqual(other.peak);
  expect(attention.heat?.values[other.patch]).toBe(1);
  attention.hover([]);
  expect(attention.heat?.peak).toEqual(first.peak);
  attention.pointAt(other.peak);
  expect(attention.looked.has(other.id)).toBe(true);
  expect(attention.looked.size).toBeLessThan(seen.length);
  attention.caret([]);
  const word = page.work.document?.slots.find(({ id }) => id === other.id);
  expect(attention.heat).toBeNull();
  expect(attention.heatFor(word === undefined ? [] : [word])?.peak).toEqual(other.peak);
});
