import { join } from 'node:path';
import type { ScorerRole } from '../../contract/pack.ts';
import type { Pixels } from '../image/pixels.ts';
import { KeptSuccess } from '../kept-success.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import { stackImages } from '../image/stack-images.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import type { OpenSession } from '../tensor/session.ts';
import { ImageScorer } from '../text-to-image/image-scorer.ts';

export interface ComparisonSource {
  readonly packFolder: string;
  readonly scorer: ScorerRole;
  readonly original: string | Uint8Array;
}

/** Compares pictures with one original, as long as a call lasts. The original is read and embedded once, at the first comparison. */
export class PictureComparison {
  readonly #source: ComparisonSource;
  readonly #embedder: ImageScorer;
  readonly #signal: AbortSignal;
  readonly #reference = new KeptSuccess(() => this.#embedOriginal());

  constructor(source: ComparisonSource, openSession: OpenSession, signal: AbortSignal) {
    const { packFolder, scorer } = source;
    const paths = {
      vision: join(packFolder, scorer.vision),
      text: join(packFolder, scorer.text),
      tokenizer: join(packFolder, scorer.tokenizer),
    };
    this.#source = source;
    this.#embedder = new ImageScorer(paths, openSession);
    this.#signal = signal;
  }

  /** Fidelity of each picture to the original, in order: the scorer's cosine clamped to 0..1. */
  async score(pictures: readonly (string | Uint8Array | Pixels)[]): Promise<number[]> {
    if (pictures.length === 0) return [];
    const { image } = this.#source.scorer;
    const reference = await this.#reference.get();
    const candidates = await Promise.all(pictures.map((source) => preprocessImage(source, image)));
    const vectors = await this.#embedder.embedImages(stackImages(candidates), this.#signal);
    return vectors.map((vector) => Math.min(1, Math.max(0, cosineSimilarity(reference, vector))));
  }

  async #embedOriginal(): Promise<Float32Array> {
    const { original, scorer } = this.#source;
    const [reference] = await this.#embedder.embedImages(await preprocessImage(original, scorer.image), this.#signal);
    if (!reference) throw new Error('no original to compare with');
    return reference;
  }
}
