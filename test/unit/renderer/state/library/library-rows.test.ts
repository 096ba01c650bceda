import { describe, expect, it } from 'vitest';
import { LibraryRowList } from '../../../../../renderer/state/library/library-rows.svelte.ts';
import type { ReadRows } from '../../../../../renderer/state/library/library-rows.svelte.ts';

interface Row {
  readonly id: string;
}

/** A list of 1,000 rows from today, of which each page says so again. */
const read =
  (count: number): ReadRows<Row> =>
  (offset, limit) =>
    Promise.resolve({
      rows: Array.from({ length: limit }, (_, at) => ({ id: String(offset + at) })),
      total: count,
      sections: [{ span: { name: 'today', fromMs: 0 }, count }],
    });

describe('the rows of a list', () => {
  it('bring their sections with each page, and only others replace them', async () => {
    const list = new LibraryRowList<Row>((failure) => {
      throw failure;
    });
    await list.ask(read(1000));
    const { sections } = list;
    list.show(400, 450);
    await expect.poll(() => list.row(450)?.id).toBe('450');
    expect(list.sections).toBe(sections);
    await list.ask(read(999));
    expect(list.sections).toEqual([{ span: { name: 'today', fromMs: 0 }, count: 999 }]);
  });
});
