import { describe, expect, it } from 'vitest';
import {
  assignCells,
  countCells,
  fitCell,
  gridGap,
  gridPadding,
  headingHeight,
  layOutGrid,
  moveFocus,
  placeCell,
  scrollToCell,
  sectionOf,
  visibleRange,
} from '../../../../renderer/features/library/grid/grid-layout.ts';

const plain = (count: number) => [{ headed: false, count }];

describe('the grid of the library', () => {
  it('fills the width with as many columns as fit', () => {
    for (const width of [300, 641, 1000, 1919]) {
      const layout = layOutGrid(plain(10_000), width, 200);
      const used = 2 * gridPadding + layout.columns * layout.side + (layout.columns - 1) * gridGap;
      expect(layout.side).toBeGreaterThanOrEqual(width > 232 ? 200 : 1);
      expect(width - used).toBeGreaterThanOrEqual(0);
      expect(width - used).toBeLessThan(layout.columns);
      expect(layout.rows).toBe(Math.ceil(10_000 / layout.columns));
    }
    expect(layOutGrid(plain(5), 40, 200).columns).toBe(1);
    expect(layOutGrid(plain(0), 1000, 200)).toMatchObject({ rows: 0, height: 0 });
  });

  it('draws what is in sight and a little more, wherever it is scrolled to', () => {
    const layout = layOutGrid(plain(10_000), 1000, 200);
    for (const scrollTop of [0, 777, layout.height / 2, layout.height - 600]) {
      const [first, last] = visibleRange(layout, scrollTop, 600);
      for (let index = 0; index < 10_000; index += 1) {
        const { top } = placeCell(layout, index);
        const seen = top + layout.side > scrollTop && top < scrollTop + 600;
        if (seen && (index < first || index > last)) throw new Error(`cell ${index} is in sight at ${scrollTop} and not drawn`);
      }
      expect(last - first).toBeLessThan(layout.columns * 9);
      expect(last).toBeLessThan(10_000);
    }
    expect(visibleRange(layOutGrid(plain(0), 1000, 200), 0, 600)[1]).toBe(-1);
  });

  it('scrolls only to what is not whole in sight', () => {
    const layout = layOutGrid(plain(100), 1000, 200);
    expect(scrollToCell(layout, 0, 0, 600)).toBeNull();
    expect(scrollToCell(layout, 0, 100, 600)).toBe(0);
    const to = scrollToCell(layout, 99, 0, 600) ?? 0;
    expect(scrollToCell(layout, 99, to, 600)).toBeNull();
    expect(to).toBeLessThanOrEqual(layout.height - 600 + gridPadding);
  });

  it('moves by keys and stops at the ends', () => {
    const layout = layOutGrid(plain(10), 1000, 200);
    expect(layout.columns).toBe(4);
    const move = (key: string, from: number) => moveFocus(key, from, layout, 600);
    expect(move('ArrowRight', 3)).toBe(4);
    expect(move('ArrowLeft', 0)).toBe(0);
    expect(move('ArrowRight', 9)).toBe(9);
    expect(move('ArrowDown', 1)).toBe(5);
    // The last row is short: down goes to its end, and from there nowhere.
    expect(move('ArrowDown', 7)).toBe(9);
    expect(move('ArrowDown', 9)).toBe(9);
    expect(move('ArrowUp', 2)).toBe(2);
    expect(move('Home', 7)).toBe(0);
    expect(move('End', 0)).toBe(9);
    expect(move('PageDown', 0)).toBe(8);
    expect(move('x', 0)).toBeNull();
  });

  it('shows small pictures at whole multiples and never enlarges others', () => {
    expect(fitCell(64, 64, 200)).toEqual({ width: 192, height: 192, crisp: true });
    expect(fitCell(64, 32, 130)).toEqual({ width: 128, height: 64, crisp: true });
    expect(fitCell(256, 256, 200)).toEqual({ width: 200, height: 200, crisp: false });
    expect(fitCell(2000, 1000, 200)).toEqual({ width: 200, height: 100, crisp: false });
    expect(fitCell(300, 300, 320)).toEqual({ width: 300, height: 300, crisp: false });
    expect(fitCell(4000, 3, 200).height).toBe(1);
  });
});

describe('the grid of the library in sections', () => {
  const sections = [5, 1, 0, 9].map((count) => ({ headed: true, count }));
  const layout = layOutGrid(sections, 1000, 200);

  it('begins each section that has items with a heading and a row of its own', () => {
    expect(layout).toMatchObject({ columns: 4, total: 15, rows: 6 });
    expect(layout.sections.map(({ first, rows }) => [first, rows])).toEqual([
      [0, 2],
      [5, 1],
      [6, 3],
    ]);
    for (const { first, top, cellsTop } of layout.sections) {
      expect(cellsTop - top).toBe(headingHeight);
      expect(placeCell(layout, first)).toEqual({ left: gridPadding, top: cellsTop });
    }
    const last = layout.sections.at(-1);
    expect(layout.height).toBe((last?.cellsTop ?? 0) + 3 * layout.pitch - gridGap + gridPadding);
    expect(sectionOf(layout, 5)?.first).toBe(5);
    expect(sectionOf(layout, 14)?.first).toBe(6);
  });

  it('draws what is in sight, in cells enough for it', () => {
    const many = layOutGrid(
      Array.from({ length: 60 }, (_, at) => ({ headed: true, count: 1 + ((at * 7) % 23) })),
      1000,
      200,
    );
    for (let scrollTop = 0; scrollTop < many.height; scrollTop += 211) {
      const [first, last] = visibleRange(many, scrollTop, 600);
      expect(last - first + 1).toBeLessThanOrEqual(countCells(many, 600));
      for (let index = 0; index < many.total; index += 1) {
        const { top } = placeCell(many, index);
        const seen = top + many.side > scrollTop && top < scrollTop + 600;
        if (seen && (index < first || index > last)) throw new Error(`cell ${index} is in sight at ${scrollTop} and not drawn`);
      }
    }
  });

  it('keeps the column from section to section, and ends in a short row', () => {
    const move = (key: string, from: number) => moveFocus(key, from, layout, 600);
    expect(move('ArrowDown', 1)).toBe(4);
    expect(move('ArrowDown', 4)).toBe(5);
    expect(move('ArrowDown', 5)).toBe(6);
    expect(move('ArrowUp', 8)).toBe(5);
    expect(move('ArrowUp', 5)).toBe(4);
    expect(move('ArrowRight', 4)).toBe(5);
    expect(move('PageDown', 0)).toBe(5);
    expect(move('PageUp', 14)).toBe(6);
    expect(move('End', 0)).toBe(14);
  });

  it('scrolls a cell out from under the heading that stays', () => {
    const { top } = placeCell(layout, 10);
    expect(scrollToCell(layout, 10, top - headingHeight + 1, 600)).toBe(top - headingHeight);
    expect(scrollToCell(layout, 10, top - headingHeight, 600)).toBeNull();
  });
});

describe('the cells of the grid', () => {
  it('show every item of the range once, and keep those that stay in it', () => {
    const layout = layOutGrid(plain(10_000), 1000, 200);
    const cells = countCells(layout, 600);
    let before = assignCells(0, layout.total, cells);
    for (let scrollTop = 0; scrollTop < layout.height; scrollTop += 137) {
      const [first, last] = visibleRange(layout, scrollTop, 600);
      expect(last - first + 1).toBeLessThanOrEqual(cells);
      const now = assignCells(first, layout.total, cells);
      // None is empty, and so none is thrown away; each has an item of its own.
      expect(now).not.toContain(null);
      expect(new Set(now).size).toBe(cells);
      for (let index = first; index <= last; index += 1) expect(now).toContain(index);
      now.forEach((index, cell) => {
        const earlier = before.indexOf(index);
        if (earlier >= 0 && earlier !== cell) throw new Error(`item ${index} moved from cell ${earlier} to ${cell}`);
      });
      before = now;
    }
  });

  it('are in the order of their items at the beginning of the list, and empty behind its end', () => {
    expect(assignCells(0, 5, 8)).toEqual([0, 1, 2, 3, 4, null, null, null]);
    expect(assignCells(4, 10, 8)).toEqual([8, 9, 2, 3, 4, 5, 6, 7]);
  });
});
