import { afterAll, beforeAll, expect, it } from 'vitest';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('after another word was taken on a place, the value of the one before is not its own', async () => {
  const page = await bench.startPage();
  page.preferences.set({ length: 5 });
  await page.reading.openItem(await bench.addScene('Pig'));
  await page.wordTools.measureValues();
  await bench.until(() => expect(page.wordTools.values.finding).not.toBeNull());
  const measured = page.wordTools.values.finding?.result.words[0];
  const id = measured?.slotIds[0] ?? '';
  expect(page.wordTools.valueOf(id)).toEqual(measured);
  const document = page.work.document;
  if (document === null) throw new Error('The page has no text.');
  // As solving again leaves it: the place stays, its token is another.
  const slots = document.slots.map((slot) => (slot.id === id ? { ...slot, tokenId: slot.tokenId + 1, text: 'other' } : slot));
  page.work.revise({ ...document, slots }, 'Solve again', null);
  expect(page.wordTools.valueOf(id)).toBeNull();
  expect(page.wordTools.scale?.levels.has(id)).toBe(false);
});

it('a picture that was tried is filed under the text it was drawn from', async () => {
  const page = await bench.startPage();
  page.preferences.set({ length: 5 });
  await page.reading.openItem(await bench.addScene('Pig'));
  const document = page.work.document;
  const slot = document?.slots[0];
  if (document === null || slot === undefined) throw new Error('The page has no text.');
  const other = (await bench.core.client.prompts.create({ text: 'fox' })).slots[0];
  const changed = {
    ...document,
    slots: document.slots.map((one) => (one === slot && other !== undefined ? { ...other, id: slot.id } : one)),
  };
  const open = await page.drawing.keepText();
  const keep = await page.wordTrial.keep(changed);
  expect(keep).not.toBe(open);
  const item = await bench.core.client.library.get({ itemId: keep });
  expect(item.kind === 'prompt' ? item.prompt.slots.map(({ tokenId }) => tokenId) : []).toEqual(
    changed.slots.map(({ tokenId }) => tokenId),
  );
});
