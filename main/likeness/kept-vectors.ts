import type { VectorStore } from './vector-store.ts';

/** Pictures or texts the scorer looks at in one call: about a tenth of a second, so that a drawing never waits long behind one. */
const LOOKED_AT_A_CALL = 16;

/** Looking goes on so long after the last question. */
const PATIENCE_MS = 10_000;

/** Makes the vectors of pictures or texts, in their order; null for what cannot be read. */
export type Embed<Ref> = (refs: readonly Ref[]) => Promise<readonly (Float32Array | null)[]>;

interface Parts<Ref> {
  /** Names the scorer and what it looks at: vectors of another one mean something else. */
  readonly key: string;
  readonly store: VectorStore;
  readonly embed: Embed<Ref>;
}

/** One scorer's vectors of the library's pictures or texts: kept ones from the store, missing ones from the scorer while somebody asks. */
export class KeptVectors<Ref extends { readonly sha256: string }> {
  readonly #parts: Parts<Ref>;
  readonly #vectors = new Map<string, Float32Array>();
  /** Not asked about again while this studio runs: the file may be mended until the next start. */
  readonly #unreadable = new Set<string>();
  #wanted: readonly Ref[] = [];
  #askedMs = 0;
  #looking: Promise<void> | null = null;

  constructor(parts: Parts<Ref>) {
    this.#parts = parts;
    for (const { sha256, vector } of parts.store.list(parts.key)) this.#vectors.set(sha256, vector);
  }

  get(sha256: string): Float32Array | undefined {
    return this.#vectors.get(sha256);
  }

  isSettled(sha256: string): boolean {
    return this.#vectors.has(sha256) || this.#unreadable.has(sha256);
  }

  /** Looks at those of `refs` that have no vector yet, in the background. Resolves when all are looked at, or when nobody has asked for a while. */
  look(refs: readonly Ref[]): Promise<void> {
    this.#wanted = refs;
    this.#askedMs = performance.now();
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** The vector of one, made now when it is missing; null when it cannot be read. */
  async require(ref: Ref): Promise<Float32Array | null> {
    if (!this.isSettled(ref.sha256)) await this.#embed([ref]);
    return this.#vectors.get(ref.sha256) ?? null;
  }

  /** Resolves when nothing is looked at any more, whatever became of it. */
  async settle(): Promise<void> {
    await this.#looking?.catch(() => undefined);
  }

  /** Forgets what the library no longer has. */
  forget(sha256s: readonly string[]): void {
    for (const sha256 of sha256s) this.#vectors.delete(sha256);
    this.#parts.store.remove(sha256s);
  }

  names(): string[] {
    return [...this.#vectors.keys()];
  }

  async #lookOn(): Promise<void> {
    while (performance.now() - this.#askedMs < PATIENCE_MS) {
      const missing = new Map<string, Ref>();
      for (const ref of this.#wanted) {
        if (!this.isSettled(ref.sha256)) missing.set(ref.sha256, ref);
        if (missing.size === LOOKED_AT_A_CALL) break;
      }
      if (missing.size === 0) return;
      await this.#embed([...missing.values()]);
    }
  }

  async #embed(refs: readonly Ref[]): Promise<void> {
    const { embed, store, key } = this.#parts;
    const vectors = await embed(refs);
    const found = refs.flatMap(({ sha256 }, at) => {
      const vector = vectors[at] ?? null;
      if (vector === null) this.#unreadable.add(sha256);
      else this.#vectors.set(sha256, vector);
      return vector === null ? [] : [{ sha256, vector }];
    });
    store.put(key, found);
  }
}
