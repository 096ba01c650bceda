/**
 * What one length's head said about a batch of images, as flat arrays so that hundreds of images cross to the host cheaply.
 * `tokenIds` and `probabilities` are [images, length, topK], most probable first, probabilities 0..1; `attention` is
 * [images, length, patches] over the row-major patch grid in 65,535ths (`attentionOne`), so that a row sums to one but for
 * rounding; null where the head gives none. Sixteen bits are more than a person sees, and half of what an answer weighs.
 */
export interface EncodedLength {
  readonly length: number;
  readonly topK: number;
  readonly tokenIds: Int32Array;
  readonly probabilities: Float32Array;
  readonly attention: Uint16Array | null;
  /** [images], 0..1: how surely each is of the kind that the pack knows (contract/models/pack.ts, `inside`); null where the pack does not say. */
  readonly insideScores: Float32Array | null;
}

/** One image of a batch, in arrays that lie in the batch's own. */
export function takeImage(encoded: EncodedLength, image: number, images: number): EncodedLength {
  const { length, topK, tokenIds, probabilities, attention, insideScores } = encoded;
  return {
    length,
    topK,
    tokenIds: tokenIds.subarray(...partOf(tokenIds, image, images)),
    probabilities: probabilities.subarray(...partOf(probabilities, image, images)),
    attention: attention?.subarray(...partOf(attention, image, images)) ?? null,
    insideScores: insideScores?.subarray(image, image + 1) ?? null,
  };
}

function partOf({ length }: { readonly length: number }, index: number, count: number): [start: number, end: number] {
  return [(index * length) / count, ((index + 1) * length) / count];
}
