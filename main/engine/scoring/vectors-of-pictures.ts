import type { ImageInput } from '../../../contract/models/pack.ts';
import { normalisePixels } from '../../image/normalise-pixels.ts';
import { preprocessBatches } from '../../image/preprocess-batches.ts';
import type { Pixels } from '../../image/pixels.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { EngineWork } from '../engine-work.ts';

/**
 * A vector of each picture, in the order asked for; null for one that cannot be read: what a person did wrong with a file is no reason to
 * stop. While the model runs on `atOnce` pictures, the next are decoded.
 *
 * @param embed float32 [pictures, 3, height, width] → a vector a picture
 * @throws what `embed` throws; errors that are not about a picture; the signal's reason
 */
export async function vectorsOfPictures(
  sources: readonly (string | Uint8Array)[],
  { input, atOnce }: { readonly input: ImageInput; readonly atOnce: number },
  { pictures, context: { signal } }: Pick<EngineWork, 'pictures' | 'context'>,
  embed: (pixelValues: Tensor<'float32'>) => Promise<readonly Float32Array[]>,
): Promise<(Float32Array | null)[]> {
  const fit = (source: string | Uint8Array): Promise<Pixels> => pictures.fit(source, input, { signal });
  const size = (): { least: number; most: number } => ({ least: atOnce, most: atOnce });
  const vectors: (Float32Array | null)[] = [];
  for await (const batch of preprocessBatches(sources, { fit, ahead: 2 * atOnce, size, signal })) {
    const whole = batch.flatMap(({ pixels }) => (pixels === null ? [] : [pixels]));
    const [...made] = whole.length === 0 ? [] : await embed(normalisePixels(whole, input));
    for (const { pixels } of batch) vectors.push(pixels === null ? null : (made.shift() ?? null));
  }
  return vectors;
}
