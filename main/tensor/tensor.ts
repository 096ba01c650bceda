/** The element types the studio's graphs use. float16 lives only at the ONNX boundary. */
export interface TensorData {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
}
export type DType = keyof TensorData;

/** A dense array, row-major. `data.length` is the product of `shape`; a scalar has shape []. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: TensorData[D];
}
