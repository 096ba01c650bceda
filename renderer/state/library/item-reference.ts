import { cutText } from '../../../contract/cut-text.ts';
import type { PictureReference } from '../../../contract/desktop.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import { textOf } from '../text/text-of.ts';
import { say } from '../../language/say.ts';

/** So much of a text still tells what it says, and leaves room for the seed in a file's name. */
const longestText = 60;

/** An item's picture as it leaves the studio; a drawn one has the seed that tells it from its siblings. Null for a text. */
export function itemReference(item: LibraryItem): PictureReference | null {
  if (item.kind === 'prompt') return null;
  const { sha256, mediaType } = item.image;
  if (item.kind === 'picture') return { sha256, mediaType, title: cutText(item.title, 200) };
  const title = cutText(item.title || textOf(item), longestText);
  const { seed } = item.recipe;
  return { sha256, mediaType, title: seed === null ? title : say('library.titleWithSeed', { title, seed: String(seed) }) };
}
