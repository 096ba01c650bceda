import { expect, it } from 'vitest';
import type { Pixels } from '../../../../main/image/pixels.ts';
import { keepRegion } from '../../../../main/work/readers/keep-region.ts';

/** Each pixel tells where it is: red its column, green its row, times ten. */
const whole: Pixels = {
  width: 6,
  height: 4,
  channels: 3,
  data: Uint8Array.from(Array.from({ length: 24 }, (_, at) => [(at % 6) * 10, Math.floor(at / 6) * 10, 0]).flat()),
};
const at = ({ data, width }: Pixels, column: number, row: number): number[] => [
  ...data.subarray((row * width + column) * 3, (row * width + column) * 3 + 2),
];

it('cuts a rectangle out as it is', () => {
  const part = keepRegion(whole, { x: 2, y: 1, width: 3, height: 2 });
  expect([part.width, part.height]).toEqual([3, 2]);
  expect([at(part, 0, 0), at(part, 2, 1)]).toEqual([
    [20, 10],
    [40, 20],
  ]);
});

it('leaves of a shape what lies inside, and the mean of that around it', () => {
  const outline: [number, number][] = [
    [0, 0],
    [4, 0],
    [0, 4],
  ];
  const part = keepRegion(whole, { x: 0, y: 0, width: 4, height: 4, outline });
  expect(at(part, 2, 0)).toEqual([20, 0]);
  expect(at(part, 0, 2)).toEqual([0, 20]);
  // Six pixels lie inside: three of column 0, two of column 1, one of column 2.
  expect(at(part, 3, 3)).toEqual([7, 7]);
  expect(at(part, 2, 2)).toEqual([7, 7]);
});

it('leaves all but the region, which takes the mean of the rest', () => {
  const rest = keepRegion(whole, { x: 0, y: 0, width: 3, height: 4, around: true });
  expect([rest.width, rest.height]).toEqual([6, 4]);
  expect(at(rest, 4, 2)).toEqual([40, 20]);
  expect(at(rest, 1, 1)).toEqual([40, 15]);
});
