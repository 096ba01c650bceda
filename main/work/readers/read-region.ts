import { createHash } from 'node:crypto';
import { StudioError } from '../../../contract/errors.ts';
import { decodeReading, encodeReading } from '../../../contract/texts/reading.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';
import type { WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import type { JobServices } from '../../services/job-services.ts';

/**
 * A rectangle of a picture of the library as the bytes of a PNG, so that any reader reads it as it reads a picture.
 * @throws StudioError `not-found`; `bad-request` for a rectangle that is not inside; as `PictureReader.fit` does
 */
export async function cropPicture(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  imageSha256: string,
  region: PictureRegion,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { width, height } = library.getImage(imageSha256);
  if (region.x + region.width > width || region.y + region.height > height) {
    const message = `The region reaches over the edge of the picture, which has ${width} × ${height} pixels.`;
    throw new StudioError('bad-request', message, 'Choose a region inside the picture.', { width, height });
  }
  const path = library.getImagePath(imageSha256);
  const whole = await pictures.fit(path, { width, height, resample: 'lanczos', fit: 'stretch' }, { signal });
  const data = new Uint8Array(region.width * region.height * 3);
  for (let row = 0; row < region.height; row += 1) {
    const start = ((region.y + row) * width + region.x) * 3;
    data.set(whole.data.subarray(start, start + region.width * 3), row * region.width * 3);
  }
  return pictures.encodePng({ width: region.width, height: region.height, channels: 3, data }, { signal });
}

/** What was read in a part of a picture, said to be of that part; where each word looked is told by the part's own patches. */
export function placeInRegion(written: WrittenPrompt, region: PictureRegion): WrittenPrompt {
  const reading = encodeReading({ ...decodeReading(written.reading), schemaVersion: 2, region });
  const sha256 = createHash('sha256').update(reading).digest('hex');
  const sources = written.document.sources.map((source) => (source.type === 'reading' ? { ...source, sha256, region } : source));
  return { ...written, document: { ...written.document, sources }, reading };
}
