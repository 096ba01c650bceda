import { assertShape } from '../tensor/assert-shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Joins preprocessed images, float32 [1, 3, H, W] each, into one batch [B, 3, H, W], at the start of `into` where it is given. */
export function stackImages(tensors: readonly Tensor<'float32'>[], into?: Float32Array): Tensor<'float32'> {
  const [first] = tensors;
  if (!first) throw new RangeError('no images to stack');
  if (tensors.length === 1) return first;
  const size = first.data.length * tensors.length;
  const data = into?.subarray(0, size) ?? new Float32Array(size);
  tensors.forEach((tensor, index) => {
    assertShape(`image ${index}`, tensor, 'float32', first.shape);
    data.set(tensor.data, index * first.data.length);
  });
  return { dtype: 'float32', shape: [tensors.length, ...first.shape.slice(1)], data };
}
