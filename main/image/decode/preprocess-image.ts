import type { ImageInput } from '../../../contract/pack.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { fitImage } from './fit-image.ts';
import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import type { Pixels } from '../pixels.ts';

/**
 * A picture becomes a model's input: float32 [1, 3, H, W], (value ÷ 255 − mean) ÷ std per channel.
 * CLIP's image processor does the same (openai/CLIP `clip/clip.py`, `_transform`).
 *
 * @throws StudioError as decodeImage
 */
export async function preprocessImage(
  source: string | Uint8Array | Pixels,
  input: ImageInput,
  limits: ImageLimits = defaultImageLimits,
  name?: string,
): Promise<Tensor<'float32'>> {
  return normalisePixels(await fitImage(source, input, limits, name), input);
}

/** Pixels already at the model's size → float32 [1, 3, H, W]. A table of 256 values per channel replaces the arithmetic. */
function normalisePixels(pixels: Pixels, input: ImageInput): Tensor<'float32'> {
  const plane = pixels.width * pixels.height;
  const data = new Float32Array(3 * plane);
  for (const channel of [0, 1, 2] as const) {
    const table = Float32Array.from({ length: 256 }, (_, value) => (value / 255 - input.mean[channel]) / input.std[channel]);
    const offset = channel * plane;
    for (let index = 0; index < plane; index++) data[offset + index] = table[pixels.data[index * 3 + channel] ?? 0] ?? 0;
  }
  return { dtype: 'float32', shape: [1, 3, pixels.height, pixels.width], data };
}
