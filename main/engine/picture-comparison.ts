import { join } from 'node:path';
import type { ScorerRole } from '../../contract/pack.ts';
import type { Pixels } from '../image/pixels.ts';
import { KeptSuccess } from '../kept-success.ts';
import { stackImages } from '../image/stack-images.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import { ImageScorer } from '../text-to-image/image-scorer.ts';
import type { EngineWork } from './engine-work.ts';

export interface ComparisonSource {
  readonly packFolder: string;
  readonly scorer: ScorerRole;
  readonly original: string | Uint8Array;
}

/** Compares pictures with one original, as long as a call lasts. The original is read and embedded once, at the first comparison. */
export class PictureComparison {
  readonly #source: ComparisonSource;
  readonly #embedder: ImageScorer;
  readonly #work: Pick<EngineWork, 'pictures' | 'sessions' | 'context'>;
  readonly #reference = new KeptSuccess(() => this.#embedOriginal());

  constructor(source: ComparisonSource, work: Pick<EngineWork, 'pictures' | 'sessions' | 'context'>) {
    const { packFolder, scorer } = source;
    const paths = {
      vision: join(packFolder, scorer.vision),
      text: join(packFolder, scorer.text),
      tokenizer: join(packFolder, scorer.tokenizer),
    };
    this.#source = source;
    this.#embedder = new ImageScorer(paths, work.sessions.open);
    this.#work = work;
  }

  /** Fidelity of each picture to the original, in order: the scorer's cosine clamped to 0..1. */
  async score(pictures: readonly (string | Uint8Array | Pixels)[]): Promise<number[]> {
    if (pictures.length === 0) return [];
    const { image } = this.#source.scorer;
    const reference = await this.#reference.get();
    const { signal } = this.#work.context;
    const candidates = await Promise.all(pictures.map((source) => this.#work.pictures.preprocess(source, image, { signal })));
    const vectors = await this.#embedder.embedImages(stackImages(candidates), signal);
    return vectors.map((vector) => Math.min(1, Math.max(0, cosineSimilarity(reference, vector))));
  }

  async #embedOriginal(): Promise<Float32Array> {
    const { original, scorer } = this.#source;
    const { pictures, context } = this.#work;
    const { signal } = context;
    const pixels = await pictures.preprocess(original, scorer.image, { signal });
    const [reference] = await this.#embedder.embedImages(pixels, signal);
    if (!reference) throw new Error('no original to compare with');
    return reference;
  }
}
