import type { PictureReference } from '../../../contract/desktop.ts';
import type { Generation } from './result-list.svelte.ts';
import type { Picture } from '../text/snapshot.ts';
import { say } from '../../language/say.ts';

/** A drawn picture as it leaves the studio: named after what it was drawn from, and the seed that tells it from its siblings. */
export function resultReference({ image, recipe }: Generation, picture: Picture | null): PictureReference {
  const title = picture?.title ?? say('canvas.ownWords');
  return {
    sha256: image.sha256,
    mediaType: image.mediaType,
    title: recipe.seed === null ? title : say('library.titleWithSeed', { title, seed: String(recipe.seed) }),
  };
}
