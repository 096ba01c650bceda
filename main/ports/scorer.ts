import type { RunContext } from '../running/run-context.ts';
import type { TokenRows } from '../text-to-image/judges/image-scorer.ts';

/** Vectors of length 1 in the order asked for; null for a picture that cannot be read. */
export interface Embeddings {
  readonly images: readonly (Float32Array | null)[];
  readonly texts: readonly Float32Array[];
  /** [rows, width] flattened. */
  readonly rows: Float32Array;
}

/** Pictures and texts → vectors, which can be compared with each other: their cosine is how alike two are. */
export interface Scorer {
  /** Pictures are absolute paths of their files, or the bytes of such. */
  embed(
    order: { readonly images: readonly (string | Uint8Array)[]; readonly texts: readonly string[]; readonly rows?: TokenRows },
    context: RunContext,
  ): Promise<Embeddings>;
}
