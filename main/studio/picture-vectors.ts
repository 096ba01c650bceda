import type { ScorerRole } from '../../contract/pack.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { PictureRef } from '../library/row-queries.ts';
import type { Library } from '../library/library.ts';
import type { VectorStore } from '../library/vector-store.ts';
import type { RunContext } from '../run-context.ts';

/** Pictures the engine looks at in one call: about a tenth of a second, so that a drawing never waits long behind one. */
const PICTURES_A_CALL = 16;

/** Looking goes on so long after the last question. */
const PATIENCE_MS = 10_000;

export interface PictureVectorsParts {
  /** Names the scorer: vectors of another one mean something else. */
  readonly scorerKey: string;
  readonly packFolder: string;
  readonly scorer: ScorerRole;
  readonly library: Library;
  readonly engine: EngineClient;
  readonly store: VectorStore;
  readonly context: RunContext;
}

/** One scorer's vectors of the library's pictures: kept ones from the store, missing ones from the engine while somebody asks. */
export class PictureVectors {
  readonly #parts: PictureVectorsParts;
  readonly #vectors = new Map<string, Float32Array>();
  /** Not asked about again while this studio runs: the file may be mended until the next start. */
  readonly #unreadable = new Set<string>();
  #wanted: readonly PictureRef[] = [];
  #askedMs = 0;
  #looking: Promise<void> | null = null;

  constructor(parts: PictureVectorsParts) {
    this.#parts = parts;
    for (const { sha256, vector } of parts.store.list(parts.scorerKey)) this.#vectors.set(sha256, vector);
  }

  get(sha256: string): Float32Array | undefined {
    return this.#vectors.get(sha256);
  }

  isSettled(sha256: string): boolean {
    return this.#vectors.has(sha256) || this.#unreadable.has(sha256);
  }

  /** Looks at those of `pictures` that have no vector yet, in the background. Resolves when all are looked at, or when nobody has asked for a while. */
  look(pictures: readonly PictureRef[]): Promise<void> {
    this.#wanted = pictures;
    this.#askedMs = performance.now();
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** The vector of one picture, made now when it is missing; null when the picture cannot be read. */
  async require(sha256: string): Promise<Float32Array | null> {
    if (!this.isSettled(sha256)) await this.#embed([sha256]);
    return this.#vectors.get(sha256) ?? null;
  }

  /** Resolves when nothing is looked at any more, whatever became of it. */
  async settle(): Promise<void> {
    await this.#looking?.catch(() => undefined);
  }

  /** Forgets pictures the library no longer has. */
  forget(sha256s: readonly string[]): void {
    for (const sha256 of sha256s) this.#vectors.delete(sha256);
    this.#parts.store.remove(sha256s);
  }

  names(): string[] {
    return [...this.#vectors.keys()];
  }

  async #lookOn(): Promise<void> {
    while (performance.now() - this.#askedMs < PATIENCE_MS) {
      const missing = new Set<string>();
      for (const { sha256 } of this.#wanted) {
        if (!this.isSettled(sha256)) missing.add(sha256);
        if (missing.size === PICTURES_A_CALL) break;
      }
      if (missing.size === 0) return;
      await this.#embed([...missing]);
    }
  }

  async #embed(sha256s: readonly string[]): Promise<void> {
    const { library, engine, packFolder, scorer, store, scorerKey, context } = this.#parts;
    const present = sha256s.filter((sha256) => library.hasImage(sha256));
    for (const sha256 of sha256s) if (!present.includes(sha256)) this.#unreadable.add(sha256);
    if (present.length === 0) return;
    const images = present.map((sha256) => library.getImagePath(sha256));
    const answer = await engine.embed({ packFolder, scorer, images, texts: [] }, context);
    const found = present.flatMap((sha256, at) => {
      const vector = answer.images[at] ?? null;
      if (vector === null) this.#unreadable.add(sha256);
      else this.#vectors.set(sha256, vector);
      return vector === null ? [] : [{ sha256, vector }];
    });
    store.put(scorerKey, found);
  }
}
