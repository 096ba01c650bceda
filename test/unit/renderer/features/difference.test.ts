import { describe, expect, it } from 'vitest';
import { differenceFullScale, differencePalette } from '../../../../renderer/features/canvas/compare/difference-ramp.ts';
import { measureDifference } from '../../../../renderer/features/canvas/compare/measure-difference.ts';
import { paintBlend, paintHeat } from '../../../../renderer/features/canvas/compare/paint-difference.ts';

const pixels = (...rgb: readonly (readonly [number, number, number])[]): Uint8ClampedArray =>
  Uint8ClampedArray.from(rgb.flatMap((pixel) => [...pixel, 255]));

const a = pixels([10, 20, 30], [0, 0, 0], [255, 255, 255], [200, 100, 50]);
const b = pixels([10, 20, 30], [255, 255, 255], [0, 0, 0], [190, 130, 50]);

describe('measureDifference', () => {
  it('is the mean of the three channels’ distances, pixel by pixel and over all', () => {
    const map = measureDifference(a, b, 2, 2);
    expect([...map.values]).toEqual([0, 255, 255, 13]);
    expect(map.mean).toBeCloseTo((0 + 255 + 255 + 40 / 3) / 4, 10);
  });

  it('is the same from both sides, and nothing between a picture and itself', () => {
    expect(measureDifference(b, a, 2, 2).values).toEqual(measureDifference(a, b, 2, 2).values);
    expect(measureDifference(a, a, 2, 2).mean).toBe(0);
  });

  it('does not look at alpha', () => {
    const clear = Uint8ClampedArray.from(a, (byte, at) => (at % 4 === 3 ? 0 : byte));
    expect(measureDifference(a, clear, 2, 2).mean).toBe(0);
  });

  it('refuses pictures of two sizes', () => {
    expect(() => measureDifference(a, b.slice(4), 2, 2)).toThrow(RangeError);
  });
});

describe('how it is painted', () => {
  it('paints equal pixels darkest, and everything past the end of the scale brightest', () => {
    const heat = paintHeat(measureDifference(a, b, 2, 2));
    expect([...heat.slice(0, 4)]).toEqual([8, 8, 12, 255]);
    expect([...heat.slice(4, 8)]).toEqual([255, 250, 210, 255]);
  });

  it('grows lighter with every step of the scale', () => {
    const palette = differencePalette();
    const lightness = (value: number): number =>
      0.2126 * (palette[value * 3] ?? 0) + 0.7152 * (palette[value * 3 + 1] ?? 0) + 0.0722 * (palette[value * 3 + 2] ?? 0);
    for (let value = 4; value <= differenceFullScale; value += 4) expect(lightness(value)).toBeGreaterThan(lightness(value - 4));
  });

  it('blends as other tools do: each channel’s distance', () => {
    expect([...paintBlend(a, b).slice(12, 16)]).toEqual([10, 30, 0, 255]);
  });
});
