import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../../contract/texts/reading.ts';
import { findObjectPatches, outsideObjects } from '../../../../main/work/blending/outside-objects.ts';
import { makeDocument } from '../../../helpers/make-document.ts';
import { makeReading } from '../../../helpers/make-reading.ts';

const imageSha256 = 'a'.repeat(64);
const patchGrid = { rows: 2, columns: 2 };
/** Three words: one looks at the first patch, one at the last, one everywhere. */
const reading: Reading = {
  ...makeReading(),
  patchGrid,
  positions: 3,
  attention: Uint16Array.of(65_535, 0, 0, 0, 0, 0, 10_000, 55_535, 16_384, 16_384, 16_384, 16_383),
};
const document = makeDocument(3, imageSha256);

describe('what of a picture lies outside of objects', () => {
  it('is every patch at which their words looked less than twice as much as at others', () => {
    expect(findObjectPatches({ document, reading, objects: [0] })).toEqual([true, false, false, false]);
    expect(findObjectPatches({ document, reading, objects: [0, 1] })).toEqual([true, false, false, true]);
    expect(findObjectPatches({ document, reading, objects: [2] })).toEqual([false, false, false, false]);
  });

  it('is not known of a reader that does not say where it looked, nor of words that were not read', () => {
    expect(findObjectPatches({ document, reading: { ...reading, attention: null }, objects: [0] })).toBeNull();
    const slots = document.slots.map((slot) => ({ ...slot, position: null }));
    expect(findObjectPatches({ document: { ...document, slots }, reading, objects: [0] })).toBeNull();
  });

  it('leaves out the objects of every picture, also where a grid is finer', () => {
    const patches = [true, false, false, false];
    const finer = { grid: { rows: 4, columns: 4 }, patches: Array.from({ length: 16 }, (_, at) => at === 15) };
    const { weights, ...grid } = outsideObjects(patchGrid, [{ grid: patchGrid, patches }, finer]);
    expect(grid).toEqual(patchGrid);
    expect([...weights]).toEqual([0, 1, 1, 0]);
    expect([...outsideObjects({ rows: 4, columns: 4 }, [{ grid: patchGrid, patches }]).weights]).toEqual([
      ...[0, 0, 1, 1],
      ...[0, 0, 1, 1],
      ...[1, 1, 1, 1],
      ...[1, 1, 1, 1],
    ]);
  });
});
