import type { FoundText, TokenSearchOrder, TokenSearchState } from '../prompt/search/token-search.ts';
import type { RunContext } from '../running/run-context.ts';
import type { TokenRows } from '../tokenizer/fill-rows.ts';

/** Vectors of length 1 in the order asked for; null for a picture that cannot be read. */
export interface Embeddings {
  readonly images: readonly (Float32Array | null)[];
  readonly texts: readonly Float32Array[];
  /** [rows, width] flattened. */
  readonly rows: Float32Array;
}

/** What is heard of a search by likeness. */
export interface SearchSteps {
  /** The best text so far, now and then; the last one is what was found. */
  readonly onText: (text: FoundText) => void;
  /** After the growth and after each sweep: where a search goes on that died. */
  readonly onSweep: (state: TokenSearchState) => void;
}

/** Pictures and texts → vectors, which can be compared with each other: their cosine is how alike two are. */
export interface Scorer {
  /** Pictures are absolute paths of their files, or the bytes of such. */
  embed(
    order: { readonly images: readonly (string | Uint8Array)[]; readonly texts: readonly string[]; readonly rows?: TokenRows },
    context: RunContext,
  ): Promise<Embeddings>;
  /** The words most like a picture, or least (prompt/search/token-search.ts), from where an earlier run of the same search was, if one died. */
  search(
    /** `picture`: its vector, of length 1. */
    order: TokenSearchOrder & { readonly picture: Float32Array; readonly earlier: TokenSearchState | null },
    context: RunContext,
    steps: SearchSteps,
  ): Promise<void>;
}
