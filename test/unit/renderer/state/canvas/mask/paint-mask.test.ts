import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { MaskStroke } from '../../../../../../renderer/state/canvas/mask/mask-record.ts';
import { paintMask } from '../../../../../../renderer/state/canvas/mask/paint-mask.ts';
import { writeGreyPng } from '../../../../../../renderer/state/canvas/mask/write-grey-png.ts';

const size = { width: 8, height: 4 };
const rowsOf = (mask: Uint8Array): string[] =>
  Array.from({ length: size.height }, (_, row) => [...mask.subarray(row * size.width, (row + 1) * size.width)].join(''));
const dot: Extract<MaskStroke, { type: 'line' }> = { type: 'line', erases: false, radius: 0.125, points: [0.25, 0.5] };

it('a dot of the brush is a disc, also half outside of the picture', () => {
  expect(rowsOf(paintMask([dot], size))).toEqual(['00000000', '01100000', '01100000', '00000000']);
  expect(rowsOf(paintMask([{ ...dot, points: [1, 0] }], size))).toEqual(['00000001', '00000000', '00000000', '00000000']);
  expect(rowsOf(paintMask([{ ...dot, points: [-3, 3] }], size)).join('')).not.toContain('1');
});

it('a line has no gaps, however far apart its points are', () => {
  const line = { ...dot, points: [0, 0.5, 1, 0.5] };
  expect(rowsOf(paintMask([line], size))).toEqual(['00000000', '11111111', '11111111', '00000000']);
});

it('strokes follow one another: rectangles, the eraser, turning round and clearing', () => {
  const box = { type: 'rectangle', erases: false, left: 0, top: 0, width: 0.5, height: 1 } as const;
  expect(rowsOf(paintMask([box], size))).toEqual(['11110000', '11110000', '11110000', '11110000']);
  expect(rowsOf(paintMask([box, { ...dot, erases: true }], size))).toEqual(['11110000', '10010000', '10010000', '11110000']);
  expect(rowsOf(paintMask([box, { type: 'invert' }], size))).toEqual(['00001111', '00001111', '00001111', '00001111']);
  expect(rowsOf(paintMask([box, { type: 'clear' }, dot], size))).toEqual(rowsOf(paintMask([dot], size)));
});

it('a mask is a PNG that any program reads, with the same bytes for the same mask', async () => {
  const mask = paintMask([dot], size);
  const png = Buffer.from(await (await writeGreyPng(mask, size)).arrayBuffer());
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ ...size, channels: 1 });
  expect([...data]).toEqual([...mask].map((white) => white * 255));
  expect(Buffer.from(await (await writeGreyPng(mask, size)).arrayBuffer())).toEqual(png);
});
