import { describe, expect, it } from 'vitest';
import { emphasisRules } from '../../../main/text-to-image/emphasis.ts';

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const nothing = new Float32Array(0);

describe('weights as AUTOMATIC1111 reads them', () => {
  const { weigh } = emphasisRules.a1111;

  it('multiplies the rows of weighted tokens and restores the mean', () => {
    const rows = Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4);
    weigh(rows, nothing, 2, [1, 2, 1]);
    const scale = 20 / 24;
    for (const [index, value] of [1, 1, 4, 4, 3, 3, 4, 4].entries()) expect(rows[index]).toBeCloseTo(value * scale, 5);
    expect(mean(rows)).toBeCloseTo(2.5, 6);
  });

  it('leaves neutral prompts bit for bit', () => {
    const rows = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    weigh(rows, nothing, 2, [1, 1]);
    expect(rows).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4));
  });

  it('does not divide by a mean that is next to nothing', () => {
    const rows = Float32Array.of(1, -1, 2, -2, 3, -3, 4, -4.001);
    weigh(rows, nothing, 2, [1, 1.5, 1]);
    expect([...rows]).toEqual([1, -1, 3, -3, 3, -3, 4, Math.fround(-4.001)]);
  });
});

it('weights as ComfyUI reads them move a row along the line from an empty text, and no other row', () => {
  const rows = Float32Array.of(1, 1, 2, 2, 3, 3);
  emphasisRules.comfyui.weigh(rows, Float32Array.of(9, 9, 1, 4, 9, 9), 2, [1, 2]);
  expect([...rows]).toEqual([1, 1, 3, 0, 3, 3]);
});

it('weights as compel reads them blend a text with itself without each stretch below 1, at 0 with that alone', () => {
  const token = (id: number, weight: number) => ({ id, weight });
  const text = [token(1, 1), token(2, 0.5), token(3, 0.5), token(4, 0), token(5, 1.5)];
  const [half, none, ...others] = emphasisRules.compel.blends(text);
  expect(others).toEqual([]);
  expect(half?.tokens.map(({ id }) => id)).toEqual([1, 4, 5]);
  expect(half?.share).toBeCloseTo(1, 12);
  expect(none?.tokens.map(({ id }) => id)).toEqual([1, 2, 3, 5]);
  expect(none?.share).toBeGreaterThan(10_000);
  expect(emphasisRules.comfyui.blends(text)).toEqual([]);
  expect(emphasisRules.a1111.blends(text)).toEqual([]);
});
