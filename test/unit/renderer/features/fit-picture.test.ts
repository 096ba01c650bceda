import type { ImageInput } from '../../../../contract/pack.ts';
import { describe, expect, it } from 'vitest';
import { describeScale } from '../../../../renderer/features/canvas/describe-scale.ts';
import { fitPicture } from '../../../../renderer/features/canvas/fit-picture.ts';
import { seenRegion } from '../../../../renderer/state/seen-region.ts';

const input: ImageInput = { width: 64, height: 64, mean: [0, 0, 0], std: [1, 1, 1], resample: 'bicubic', fit: 'crop' };

describe('fitPicture', () => {
  it('shows small pictures at whole multiples, crisp', () => {
    expect(fitPicture(64, 64, 400, 350)).toEqual({ width: 320, height: 320, scale: 5, crisp: true });
  });

  it('shrinks large pictures and never blows them up', () => {
    expect(fitPicture(4000, 3000, 400, 400)).toMatchObject({ width: 400, height: 300, crisp: false });
    expect(fitPicture(512, 512, 900, 900)).toMatchObject({ width: 512, scale: 1, crisp: false });
  });

  it('shrinks even a small picture when there is no room for its pixels', () => {
    expect(fitPicture(64, 64, 40, 40)).toMatchObject({ width: 40, crisp: false });
  });

  it('names the true size', () => {
    expect(describeScale(64, 64, 5)).toBe('64 × 64 · shown 5×');
    expect(describeScale(4000, 3000, 0.1)).toBe('4000 × 3000 · shown at 10%');
    expect(describeScale(512, 512, 1)).toBe('512 × 512 · true size');
  });
});

describe('seenRegion', () => {
  it('is the middle square of a wide or a tall picture', () => {
    expect(seenRegion({ width: 200, height: 100 }, input)).toEqual({ left: 0.25, top: 0, width: 0.5, height: 1 });
    expect(seenRegion({ width: 100, height: 400 }, input)).toEqual({ left: 0, top: 0.375, width: 1, height: 0.25 });
  });

  it('is everything where the pack stretches', () => {
    expect(seenRegion({ width: 200, height: 100 }, { ...input, fit: 'stretch' })).toEqual({
      left: 0,
      top: 0,
      width: 1,
      height: 1,
    });
  });
});
