import { expect, it } from 'vitest';
import { scorerRoleSchema } from '../../../contract/models/pack.ts';
import type { ScorerRole } from '../../../contract/models/pack.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { compareSharpness, compareStructure, rateFidelity } from '../../../main/text-to-image/judges/rate-fidelity.ts';

const side = 16;
const half = [0.5, 0.5, 0.5] as const;
const image = { width: side, height: side, mean: [...half], std: [...half], resample: 'bicubic', fit: 'crop' };
const curve = [
  [0, 0],
  [0.1, 0.15],
  [0.19, 0.3],
  [0.58, 0.9],
  [0.78, 0.97],
  [1, 1],
];
const files = { vision: 'vision.onnx', text: 'text.onnx', tokenizer: 'tokenizer', image };
const plain: ScorerRole = scorerRoleSchema.parse(files);
const scaled: ScorerRole = scorerRoleSchema.parse({ ...files, fidelity: { form: 'similarity-structure-sharpness', curve } });

/** The picture of models/training/tests/test_fidelity.py in bytes, channel by channel. */
function bytesOf(across: number, down: number): number[] {
  return Array.from({ length: 3 * side * side }, (_, at) => {
    const channel = Math.floor(at / (side * side));
    const row = Math.floor(at / side) % side;
    return (((at % side) * across + row * down + channel * 31) % 97) + 100;
  });
}

const planesOf = (across: number, down: number) => ({
  width: side,
  height: side,
  data: Float32Array.from(bytesOf(across, down), (byte) => byte / 255),
});

const tensorOf = (across: number, down: number): Tensor<'float32'> => ({
  dtype: 'float32',
  shape: [1, 3, side, side],
  data: Float32Array.from(bytesOf(across, down), (byte) => byte / 127.5 - 1),
});

it('computes the numbers of the training recipe', () => {
  expect(compareStructure(planesOf(7, 13), planesOf(5, 3))).toBeCloseTo(0.027325, 5);
  expect(compareSharpness(planesOf(5, 3), planesOf(7, 13))).toBeCloseTo(0.48236, 5);
  expect(compareSharpness(planesOf(7, 13), planesOf(5, 3))).toBe(1);
  expect(rateFidelity(0.8, tensorOf(7, 12), tensorOf(7, 13), scaled)).toBeCloseTo(0.8872541, 5);
});

it('does not let an edge in one corner pay for soft edges in another', () => {
  // Bars of 4 in the left half; the second picture has them at half their height, and as tall as before in the right half, where the first is flat.
  const bars = (left: number, right: number) => ({
    width: side,
    height: side,
    data: Float32Array.from({ length: 3 * side * side }, (_, at) => {
      const column = at % side;
      return 0.5 + (Math.floor(column / 4) % 2 === 0 ? 1 : -1) * (column < side / 2 ? left : right);
    }),
  });
  expect(compareSharpness(bars(0.2, 0.4), bars(0.4, 0))).toBeLessThan(0.9);
  expect(compareSharpness(bars(0.4, 0.4), bars(0.4, 0))).toBe(1);
});

it('is 1 for the same picture and 0 for one that shows nothing of it', () => {
  expect(rateFidelity(1, tensorOf(7, 13), tensorOf(7, 13), scaled)).toBeCloseTo(1, 6);
  expect(rateFidelity(-0.2, tensorOf(7, 13), tensorOf(5, 3), scaled)).toBe(0);
});

it('is the cosine where an older pack has no scale', () => {
  expect(rateFidelity(0.8, tensorOf(7, 12), tensorOf(7, 13), plain)).toBe(0.8);
  expect(rateFidelity(-0.2, tensorOf(7, 12), tensorOf(7, 13), plain)).toBe(0);
});

it('takes no curve that goes back', () => {
  const back = {
    form: 'similarity-structure-sharpness',
    curve: [
      [0.5, 0],
      [0.2, 1],
    ],
  };
  expect(scorerRoleSchema.safeParse({ ...files, fidelity: back }).success).toBe(false);
});
