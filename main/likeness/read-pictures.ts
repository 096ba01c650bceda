import { StudioError } from '../../contract/errors.ts';
import type { KeptVectors } from './kept-vectors.ts';

type PictureVectors = KeptVectors<{ readonly sha256: string }>;

/** @throws StudioError image-unreadable */
export async function readPicture(sha256: string, pictures: PictureVectors): Promise<Float32Array> {
  const vector = await pictures.require({ sha256 });
  if (vector !== null) return vector;
  throw new StudioError('image-unreadable', 'That picture could not be read.', 'Choose another one to look for.', { sha256 });
}

/**
 * The vector of each picture, by its sha256.
 * @throws StudioError image-unreadable
 */
export async function readPictures(sha256s: readonly string[], pictures: PictureVectors): Promise<Map<string, Float32Array>> {
  // Many at a time; looking ends by itself when nobody asks for a while.
  while (sha256s.some((sha256) => !pictures.isSettled(sha256))) await pictures.look(sha256s.map((sha256) => ({ sha256 })));
  const vectors = new Map<string, Float32Array>();
  for (const sha256 of sha256s) vectors.set(sha256, await readPicture(sha256, pictures));
  return vectors;
}
