import type { ImageInput } from '../../contract/models/pack.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Pixels } from './pixels.ts';

/**
 * Pictures at a model's size → its input: float32 [B, 3, H, W], (value ÷ 255 − mean) ÷ std per channel.
 * CLIP's image processor does the same (openai/CLIP `clip/clip.py`, `_transform`).
 *
 * @param into memory for the numbers, at least as many as there are; for whoever is done with one batch before the next. Absent: new memory
 */
export function normalisePixels(
  pictures: readonly Pixels[],
  { width, height, mean, std }: Pick<ImageInput, 'width' | 'height' | 'mean' | 'std'>,
  into?: Float32Array,
): Tensor<'float32'> {
  const plane = width * height;
  const size = pictures.length * 3 * plane;
  const data = into?.subarray(0, size) ?? new Float32Array(size);
  const table = tabulate(mean, std);
  for (const [index, pixels] of pictures.entries()) {
    if (pixels.data.length !== 3 * plane) throw new RangeError(`picture ${index} is not ${width} × ${height}`);
    normaliseOne(pixels.data, table, data, index * 3 * plane);
  }
  return { dtype: 'float32', shape: [pictures.length, 3, height, width], data };
}

/** What every value of every channel becomes: 3 × 256. */
function tabulate(mean: ImageInput['mean'], std: ImageInput['std']): Float32Array {
  const table = new Float32Array(3 * 256);
  for (const channel of [0, 1, 2] as const) {
    for (let value = 0; value < 256; value += 1) table[channel * 256 + value] = (value / 255 - mean[channel]) / std[channel];
  }
  return table;
}

/** One pass and one table: three passes took five times as long once the engine's compiler had settled. */
function normaliseOne(colours: Uint8Array, table: Float32Array, into: Float32Array, red: number): void {
  const plane = colours.length / 3;
  const [green, blue] = [red + plane, red + 2 * plane];
  for (let index = 0, at = 0; index < plane; index += 1, at += 3) {
    into[red + index] = table[colours[at] ?? 0] ?? 0;
    into[green + index] = table[256 + (colours[at + 1] ?? 0)] ?? 0;
    into[blue + index] = table[512 + (colours[at + 2] ?? 0)] ?? 0;
  }
}

/** One picture of a batch, in the same memory: float32 [1, 3, H, W]. */
export function pictureOf({ shape, data }: Tensor<'float32'>, index: number): Tensor<'float32'> {
  const size = data.length / (shape[0] ?? 1);
  return { dtype: 'float32', shape: [1, ...shape.slice(1)], data: data.subarray(index * size, (index + 1) * size) };
}
