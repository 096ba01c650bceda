import type { ScorerRole } from '../../contract/models/pack.ts';
import type { Pixels } from '../image/pixels.ts';
import { KeptSuccess } from '../running/kept-success.ts';
import { normalisePixels, pictureOf } from '../image/normalise-pixels.ts';
import { cosineSimilarity } from '../tensor/cosine-similarity.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageScorer } from '../text-to-image/judges/image-scorer.ts';
import { rateFidelity } from '../text-to-image/judges/rate-fidelity.ts';
import type { EngineWork } from './engine-work.ts';
import { openScorer } from './scoring/open-scorer.ts';

export interface ComparisonSource {
  readonly packFolder: string;
  readonly scorer: ScorerRole;
  readonly original: string | Uint8Array;
}

/** Compares pictures with one original, as long as a call lasts. The original is read and embedded once, at the first comparison. */
export class PictureComparison {
  readonly #source: ComparisonSource;
  readonly #embedder: ImageScorer;
  readonly #work: Pick<EngineWork, 'pictures' | 'sessions' | 'openTokenizer' | 'context'>;
  readonly #reference = new KeptSuccess(() => this.#embedOriginal());

  constructor(source: ComparisonSource, work: Pick<EngineWork, 'pictures' | 'sessions' | 'openTokenizer' | 'context'>) {
    const { packFolder, scorer } = source;
    this.#source = source;
    this.#embedder = openScorer(packFolder, scorer, work);
    this.#work = work;
  }

  /** Fidelity 0..1 of each picture to the original, in order, as the scorer's role rates it. */
  async score(pictures: readonly (string | Uint8Array | Pixels)[]): Promise<number[]> {
    if (pictures.length === 0) return [];
    const { image } = this.#source.scorer;
    const reference = await this.#reference.get();
    const { signal } = this.#work.context;
    const read = await Promise.all(pictures.map((source) => this.#work.pictures.fit(source, image, { signal })));
    const candidates = normalisePixels(read, image);
    const vectors = await this.#embedder.embedImages(candidates, signal);
    return vectors.map((vector, index) => {
      const similarity = cosineSimilarity(reference.vector, vector);
      return rateFidelity(similarity, pictureOf(candidates, index), reference.pixels, this.#source.scorer);
    });
  }

  async #embedOriginal(): Promise<{ readonly vector: Float32Array; readonly pixels: Tensor<'float32'> }> {
    const { original, scorer } = this.#source;
    const { pictures, context } = this.#work;
    const { signal } = context;
    const pixels = normalisePixels([await pictures.fit(original, scorer.image, { signal })], scorer.image);
    const [vector] = await this.#embedder.embedImages(pixels, signal);
    if (!vector) throw new Error('no original to compare with');
    return { vector, pixels };
  }
}
