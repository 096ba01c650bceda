import { describe, expect, it } from 'vitest';
import { bandBetween, listTouched, scrollStep } from '../../../../renderer/features/library/grid/grid-band.ts';
import {
  captionHeight,
  gridGap,
  gridPadding,
  layOutGrid,
  placeCell,
} from '../../../../renderer/features/library/grid/grid-layout.ts';

const total = 103;
const layout = layOutGrid(
  [
    { headed: true, count: 50 },
    { headed: true, count: 53 },
  ],
  1000,
  200,
);

describe('a rectangle drawn over the grid', () => {
  it('touches exactly the items whose boxes it overlaps, wherever it is', () => {
    const lengths = [0, 1, gridGap - 1, layout.side, 333, 2000];
    for (let left = 0; left < 1000; left += 37) {
      for (let top = 0; top < layout.height; top += 211) {
        for (const width of lengths) {
          for (const height of lengths) {
            const touched = Array.from({ length: total }, (_, index) => index).filter((index) => {
              const cell = placeCell(layout, index);
              const across = left < cell.left + layout.side && left + width > cell.left;
              const down = top < cell.top + layout.side + captionHeight && top + height > cell.top;
              return across && down;
            });
            expect(listTouched(layout, { left, top, width, height })).toEqual(touched);
          }
        }
      }
    }
  });

  it('touches nothing in the gaps, beside the last item and in an empty grid', () => {
    const gap = { left: gridPadding + layout.side + 1, top: 0, width: gridGap - 2, height: layout.height };
    expect(listTouched(layout, gap)).toEqual([]);
    const after = placeCell(layout, total);
    expect(listTouched(layout, { ...after, width: 100, height: 100 })).toEqual([]);
    expect(listTouched(layOutGrid([], 1000, 200), { left: 0, top: 0, width: 1000, height: 1000 })).toEqual([]);
  });

  it('is drawn in any direction and stays within the grid', () => {
    expect(bandBetween({ x: 300, y: 200 }, { x: 100, y: 250 }, 1000, 800)).toEqual({
      left: 100,
      top: 200,
      width: 200,
      height: 50,
    });
    expect(bandBetween({ x: 300, y: 200 }, { x: -50, y: 5000 }, 1000, 800)).toEqual({
      left: 0,
      top: 200,
      width: 300,
      height: 600,
    });
  });

  it('scrolls near an edge, faster the further out', () => {
    expect(scrollStep(300, 600)).toBe(0);
    expect(scrollStep(590, 600)).toBeGreaterThan(0);
    expect(scrollStep(700, 600)).toBeGreaterThan(scrollStep(590, 600));
    expect(scrollStep(-100, 600)).toBeLessThan(scrollStep(10, 600));
    expect(scrollStep(10, 600)).toBeLessThan(0);
  });
});
