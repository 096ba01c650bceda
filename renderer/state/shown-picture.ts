import type { PictureReference } from '../../contract/desktop.ts';
import type { Studio } from './studio.svelte.ts';

/** The picture that saving and copying mean: what was drawn, or the original where nothing was or while it is held up. Null when there is none. */
export function shownPicture({ drawing, manuscript, view }: Studio): PictureReference | null {
  const { picture } = manuscript;
  const { selected } = drawing.results;
  const title = picture?.title ?? 'Own words';
  if (selected === null || view.before) return picture === null ? null : { sha256: picture.sha256, title };
  return { sha256: selected.image.sha256, title: `${title}, seed ${selected.recipe.seed}` };
}
