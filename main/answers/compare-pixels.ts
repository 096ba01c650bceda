import type { PicturesRequest } from '../../contract/texts/evaluation.ts';
import type { Pixels } from '../image/pixels.ts';
import type { JobServices } from '../services/job-services.ts';

/** Both pictures are looked at in this size, whole. */
const seen = { width: 128, height: 128, resample: 'bicubic', fit: 'stretch' } as const;

/**
 * Mean absolute difference of the pixels of pairs, 0..1.
 * @throws StudioError `not-found`; as `PictureReader.fit` does
 */
export async function comparePixels(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  pairs: PicturesRequest['pairs'],
  signal?: AbortSignal,
): Promise<number> {
  const read = (sha256: string): Promise<Pixels> => pictures.fit(library.getImagePath(sha256), seen, { signal });
  let sum = 0;
  for (const { original, drawn } of pairs) {
    const [{ data: wanted }, { data: found }] = await Promise.all([read(original), read(drawn)]);
    sum += wanted.reduce((error, value, at) => error + Math.abs(value - (found[at] ?? 0)), 0) / (255 * wanted.length);
  }
  return sum / pairs.length;
}
