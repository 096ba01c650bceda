import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** Stands where the editor does: `chosen` says at what word its caret is. */
function attachEditor(page: Page, chosen: () => string): void {
  page.words.attach({
    focus: () => undefined,
    coordinates: () => null,
    replace: () => undefined,
    write: () => undefined,
    selection: () => {
      const text = chosen();
      const slots = () => page.work.document?.slots ?? [];
      return () =>
        slots()
          .filter((slot) => slot.text === text)
          .map((slot) => slot.id);
    },
    select: () => undefined,
  });
}

const weightsOf = (page: Page) => page.work.document?.slots.map(({ text, weight, locked }) => [text, weight, locked === true]);

describe('acts on words', () => {
  it('go on after one that failed', async () => {
    const page = await bench.startPage();
    page.editing.type('a red fox');
    await page.editing.settle();
    let fails = true;
    attachEditor(page, () => {
      if (fails) throw new RangeError('The editor is being taken away.');
      return 'fox';
    });
    await expect(page.words.lock()).rejects.toThrow(RangeError);
    fails = false;
    await page.words.lock();
    await page.words.weigh(1);
    expect(weightsOf(page)?.at(-1)).toEqual(['fox', 1.05, true]);
  });

  it('are on the words where the caret was when a key was pressed, wherever it is when their turn comes', async () => {
    const page = await bench.startPage();
    let at = 'fox';
    attachEditor(page, () => at);
    page.editing.type('a red fox');
    const weighed = page.words.weigh(1);
    at = 'red';
    await Promise.all([weighed, page.words.weigh(-1), page.words.weigh(-1)]);
    expect(weightsOf(page)).toEqual([
      ['a', 1, false],
      ['red', 0.9, false],
      ['fox', 1.05, false],
    ]);
  });
});
