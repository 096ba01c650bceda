import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import type { Scorer } from '../ports/scorer.ts';
import { listSearchWords } from '../prompt/search/token-table.ts';
import type { TokenTable } from '../prompt/search/token-table.ts';
import type { RunContext } from '../running/run-context.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Words a call: enough to keep a device busy, few enough to see progress and a cancel. */
const WORDS_AT_ONCE = 4096;

/**
 * What scorers say of each word alone. A table takes a run of the scorer over its whole vocabulary, so it is made once a scorer and kept in the
 * cache; one that is damaged or of another scorer is made again.
 */
export class TokenTables {
  readonly #folder: string | null;
  /** The newest alone: one of a public CLIP is some 70 MB. */
  #newest: { readonly manifestSha256: string; readonly tokenizer: Tokenizer; readonly table: TokenTable } | null = null;

  /** @param folder null remembers nothing for another start */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** @throws StudioError `pack-role-missing` for a pack without a scorer; as the scorer's `embed` does */
  async take(pack: ResolvedPack, tokenizer: Tokenizer, scorer: Pick<Scorer, 'embed'>, context: RunContext): Promise<TokenTable> {
    const { manifestSha256 } = pack;
    const newest = this.#newest;
    // Asked before every picture: going through a vocabulary to name its words takes longer than anything else the host does for a search.
    if (newest?.manifestSha256 === manifestSha256 && newest.tokenizer === tokenizer) return newest.table;
    const tokenIds = listSearchWords(tokenizer);
    const key = keyOf(pack, tokenIds);
    const vectors = (await this.#read(key, tokenIds.length)) ?? (await this.#make(key, tokenIds, scorer, context));
    const table = { tokenIds, width: vectors.length / Math.max(1, tokenIds.length), vectors };
    this.#newest = { manifestSha256, tokenizer, table };
    return table;
  }

  async #make(key: string, tokenIds: Int32Array, scorer: Pick<Scorer, 'embed'>, context: RunContext): Promise<Float32Array> {
    const parts: Float32Array[] = [];
    for (let start = 0; start < tokenIds.length; start += WORDS_AT_ONCE) {
      context.onProgress({ fraction: start / tokenIds.length, phase: 'loading', step: start, steps: tokenIds.length });
      const rows = { length: 1, tokenIds: tokenIds.slice(start, start + WORDS_AT_ONCE) };
      parts.push((await scorer.embed({ images: [], texts: [], rows }, { ...context, onProgress: () => undefined })).rows);
    }
    const vectors = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      vectors.set(part, at);
      at += part.length;
    }
    if (this.#folder !== null) {
      await mkdir(this.#folder, { recursive: true });
      await writeWhole(join(this.#folder, key), new Uint8Array(vectors.buffer), { flush: false });
    }
    return vectors;
  }

  /** Null where it is not there or not whole. */
  async #read(key: string, words: number): Promise<Float32Array | null> {
    if (this.#folder === null || words === 0) return null;
    const bytes = await readFile(join(this.#folder, key)).catch(() => null);
    if (bytes === null || bytes.length === 0 || bytes.length % (4 * words) !== 0) return null;
    const vectors = new Float32Array(bytes.length / 4);
    new Uint8Array(vectors.buffer).set(bytes);
    return vectors.every(Number.isFinite) ? vectors : null;
  }
}

/** The bytes of the text graph and the words asked for decide a table, whatever else a pack holds. */
function keyOf(pack: ResolvedPack, tokenIds: Int32Array): string {
  const { text } = requireRole(pack, 'scorer');
  const graph = pack.manifest.files.find(({ path }) => path === text)?.sha256 ?? pack.manifestSha256;
  return createHash('sha256')
    .update(`${graph} ${tokenIds.join(' ')}`)
    .digest('hex');
}
