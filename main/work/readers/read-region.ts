import { createHash } from 'node:crypto';
import { StudioError } from '../../../contract/errors.ts';
import { decodeReading, encodeReading } from '../../../contract/texts/reading.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';
import type { WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import { keepRegion } from './keep-region.ts';
import type { JobServices } from '../../services/job-services.ts';

/**
 * A part of a picture of the library as the bytes of a PNG, so that any reader reads it as it reads a picture.
 * @throws StudioError `not-found`; `bad-request` for a part that is not inside, or nothing at all; as `PictureReader.fit` does
 */
export async function cropPicture(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  imageSha256: string,
  region: PictureRegion,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { width, height } = library.getImage(imageSha256);
  requireRegion(region, { width, height });
  const path = library.getImagePath(imageSha256);
  const whole = await pictures.fit(path, { width, height, resample: 'lanczos', fit: 'stretch' }, { signal });
  return pictures.encodePng(keepRegion(whole, region), { signal });
}

/** @throws StudioError `bad-request` for a part that is not inside of its picture, or nothing at all */
export function requireRegion(
  region: PictureRegion,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  if (region.x + region.width > width || region.y + region.height > height) {
    const message = `The region reaches over the edge of the picture, which has ${width} × ${height} pixels.`;
    throw new StudioError('bad-request', message, 'Choose a region inside the picture.', { width, height });
  }
  if (region.around === true && region.outline === undefined && region.width === width && region.height === height) {
    throw new StudioError('bad-request', 'Nothing of the picture lies around the region.', 'Choose a smaller region.');
  }
}

/** What was read in a part of a picture, said to be of that part; where each word looked is told by the part's own patches. */
export function placeInRegion(written: WrittenPrompt, region: PictureRegion): WrittenPrompt {
  const read = decodeReading(written.reading);
  // The same bytes for the same reading, whichever studio wrote them.
  const isPlain = region.outline === undefined && region.around === undefined && read.reader.model === undefined;
  const reading = encodeReading({ ...read, schemaVersion: isPlain ? 2 : 3, region });
  const sha256 = createHash('sha256').update(reading).digest('hex');
  const sources = written.document.sources.map((source) => (source.type === 'reading' ? { ...source, sha256, region } : source));
  return { ...written, document: { ...written.document, sources }, reading };
}
