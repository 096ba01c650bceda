import { describe, expect, it } from 'vitest';
import { weighTokens } from '../../../main/text-to-image/weigh-tokens.ts';

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('weighTokens', () => {
  it('multiplies the rows of weighted tokens and restores the mean', () => {
    const rows = Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4);
    weighTokens(rows, 2, [1, 2, 1]);
    const scale = 20 / 24;
    for (const [index, value] of [1, 1, 4, 4, 3, 3, 4, 4].entries()) expect(rows[index]).toBeCloseTo(value * scale, 5);
    expect(mean(rows)).toBeCloseTo(2.5, 6);
  });

  it('leaves neutral prompts bit for bit', () => {
    const rows = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    weighTokens(rows, 2, [1, 1]);
    expect(rows).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4));
  });

  it('does not divide by a mean that is next to nothing', () => {
    const rows = Float32Array.of(1, -1, 2, -2, 3, -3, 4, -4.001);
    weighTokens(rows, 2, [1, 1.5, 1]);
    expect([...rows]).toEqual([1, -1, 3, -3, 3, -3, 4, Math.fround(-4.001)]);
  });
});
