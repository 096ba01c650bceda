import { join } from 'node:path';
import type { ScorerRole } from '../../contract/pack.ts';
import type { Pixels } from '../image/pixels.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import { stackImages } from '../image/stack-images.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import type { OpenSession } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ImageScorer } from '../text-to-image/image-scorer.ts';
import { rateFidelity } from '../text-to-image/rate-fidelity.ts';

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
  #reference: Promise<{ readonly vector: Float32Array; readonly pixels: Tensor<'float32'> }> | null = null;

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

  /** Fidelity 0..1 of each picture to the original, in order, as the scorer's role rates it. */
  async score(pictures: readonly (string | Uint8Array | Pixels)[]): Promise<number[]> {
    if (pictures.length === 0) return [];
    const { image } = this.#source.scorer;
    this.#reference ??= this.#embedOriginal();
    const reference = await this.#reference;
    const candidates = await Promise.all(pictures.map((source) => preprocessImage(source, image)));
    const vectors = await this.#embedder.embedImages(stackImages(candidates), this.#signal);
    return vectors.map((vector, index) => {
      const pixels = candidates[index];
      if (!pixels) throw new Error(`a vector of no picture: ${index}`);
      return rateFidelity(cosineSimilarity(reference.vector, vector), pixels, reference.pixels, this.#source.scorer);
    });
  }

  async #embedOriginal() {
    const { original, scorer } = this.#source;
    const pixels = await preprocessImage(original, scorer.image);
    const [vector] = await this.#embedder.embedImages(pixels, this.#signal);
    if (!vector) throw new Error('no original to compare with');
    return { vector, pixels };
  }
}
