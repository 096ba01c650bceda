import { assertShape } from '../tensor/assert-shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Joins preprocessed images, float32 [1, 3, H, W] each, into one batch [B, 3, H, W]. */
export function stackImages(tensors: readonly Tensor<'float32'>[]): Tensor<'float32'> {
  const [first] = tensors;
  if (!first) throw new RangeError('no images to stack');
  if (tensors.length === 1) return first;
  const data = new Float32Array(first.data.length * tensors.length);
  tensors.forEach((tensor, index) => {
    assertShape(`image ${index}`, tensor, 'float32', first.shape);
    data.set(tensor.data, index * first.data.length);
  });
  return { dtype: 'float32', shape: [tensors.length, ...first.shape.slice(1)], data };
}
