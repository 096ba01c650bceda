import { StudioError } from '../../contract/errors.ts';
import type { JobServices } from '../services/job-services.ts';

/** Pictures of the library as one grid. */
export interface Sheet {
  /** Row by row, by sha256; null for a place that stays empty. */
  readonly cells: readonly (string | null)[];
  readonly columns: number;
  /** Side of a place in pixels; pictures are cut to squares. */
  readonly cellPixels: number;
}

/** Between two places, in pixels. */
const gap = 2;
const ground = 128;
const mostPixels = 2 ** 26;

/**
 * The grid as PNG.
 *
 * @throws StudioError `image-too-large` over 2^26 pixels; as `PictureReader.fit` does
 */
export async function drawSheet(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  { cells, columns, cellPixels }: Sheet,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const step = cellPixels + gap;
  const [width, height] = [columns * step - gap, Math.ceil(cells.length / columns) * step - gap];
  if (width * height > mostPixels) {
    const hint = 'Take fewer pictures, or smaller places for them.';
    throw new StudioError('image-too-large', `A grid of ${width} × ${height} pixels is too large.`, hint, { width, height });
  }
  const data = new Uint8Array(width * height * 3).fill(ground);
  const fit = { width: cellPixels, height: cellPixels, resample: 'bicubic', fit: 'crop' } as const;
  for (const [at, sha256] of cells.entries()) {
    if (sha256 === null) continue;
    const picture = await pictures.fit(library.getImagePath(sha256), fit, { signal });
    const [left, top] = [(at % columns) * step, Math.floor(at / columns) * step];
    for (let row = 0; row < cellPixels; row += 1) {
      const line = picture.data.subarray(row * cellPixels * 3, (row + 1) * cellPixels * 3);
      data.set(line, ((top + row) * width + left) * 3);
    }
  }
  return pictures.encodePng({ width, height, channels: 3, data }, { signal });
}
