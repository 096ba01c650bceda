import { describe, expect, it } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from '../../../main/tensor/float16.ts';

describe('float16', () => {
  it('gives every half its own bits back', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, index) => index);
    const back = toFloat16Bits(fromFloat16Bits(bits));
    const wrong = [...bits].filter((half) => {
      const isNaN = (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
      return isNaN ? !Number.isNaN(fromFloat16Bits(Uint16Array.of(back[half] ?? 0))[0]) : back[half] !== half;
    });
    expect(wrong).toEqual([]);
  });

  it('knows the landmarks', () => {
    const values = [1, -2, 65504, 6.103515625e-5, 5.960464477539063e-8, 0.333251953125];
    expect([...toFloat16Bits(Float32Array.from(values))]).toEqual([0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555]);
  });

  it('rounds to nearest, ties to even, and overflows to infinity', () => {
    const ulp = 2 ** -10;
    const round = (value: number): number => fromFloat16Bits(toFloat16Bits(Float32Array.of(value)))[0] ?? Number.NaN;
    expect(round(1 + ulp / 2)).toBe(1);
    expect(round(1 + (3 * ulp) / 2)).toBe(1 + 2 * ulp);
    expect(round(1 + ulp * 0.51)).toBe(1 + ulp);
    expect(round(2 ** -25)).toBe(0);
    expect(round(1.5 * 2 ** -24)).toBe(2 ** -23);
    expect(round(65519)).toBe(65504);
    expect(round(65520)).toBe(Number.POSITIVE_INFINITY);
    expect(round(-1e30)).toBe(Number.NEGATIVE_INFINITY);
    expect(round(Number.NaN)).toBeNaN();
  });
});
