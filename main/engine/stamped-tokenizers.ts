import { stampFolder } from '../files/stamp-files.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A vocabulary, and the files it was read from. */
interface StampedTokenizer {
  readonly stamp: string;
  readonly loading: Promise<Tokenizer>;
}

/** Vocabularies by folder, each kept while its files stay the same. */
export class StampedTokenizers {
  readonly #known = new Map<string, StampedTokenizer>();

  /** A failure is not kept, because the pack may be mended. */
  async take(folder: string): Promise<Tokenizer> {
    const stamp = await stampFolder(folder);
    const known = this.#known.get(folder);
    if (known?.stamp === stamp) return known.loading;
    const loading = loadTokenizer(folder);
    this.#known.set(folder, { stamp, loading });
    loading.catch(() => this.#known.get(folder)?.loading === loading && this.#known.delete(folder));
    return loading;
  }
}
