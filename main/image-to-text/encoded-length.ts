/**
 * What one length's head said about one image, as flat arrays so that hundreds of images cross to the host cheaply.
 * `tokenIds` and `probabilities` are [length, topK], most probable first, probabilities 0..1; `attention` is
 * [length, patches], each row summing to 1 over the row-major patch grid, or null where the head gives none.
 */
export interface EncodedLength {
  readonly length: number;
  readonly topK: number;
  readonly tokenIds: Int32Array;
  readonly probabilities: Float32Array;
  readonly attention: Float32Array | null;
}
