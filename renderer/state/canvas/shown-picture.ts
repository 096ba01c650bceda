import type { PictureReference } from '../../../contract/desktop.ts';
import { resultReference } from './result-reference.ts';
import type { Page } from '../page.svelte.ts';

/** The picture that saving and copying mean: what was drawn, or the original where nothing was or while it is held up. Null when there is none. */
export function shownPicture({ drawing, work, view }: Page): PictureReference | null {
  const { picture } = work;
  const { selected } = drawing.results;
  if (selected !== null && !view.before) return resultReference(selected, picture);
  return picture === null ? null : { sha256: picture.sha256, title: picture.title, mediaType: picture.mediaType };
}
