import type { LibraryItem } from '../../../../contract/library.ts';
import type { LocalRecipe } from '../../../../contract/recipe.ts';
import type { Studio } from '../../../studio.ts';
import { keepFile } from './keep-file.ts';

export interface KeptPicture {
  readonly path: string;
  readonly recipe: LocalRecipe;
  /** The library's. */
  readonly item: { readonly id: string; readonly createdMs: number };
}

/** Writes the pictures that a job drew here into a folder as `name-<seed>.png`. */
export async function keepPictures(
  studio: Studio,
  items: readonly LibraryItem[],
  folder: string,
  name: string,
): Promise<KeptPicture[]> {
  const kept: KeptPicture[] = [];
  for (const item of items) {
    if (item.kind !== 'generation' || item.recipe.kind !== 'local') continue;
    const bytes = await studio.readImage(item.image.sha256);
    const path = await keepFile(folder, `${name}-${item.recipe.seed}`, '.png', bytes);
    kept.push({ path, recipe: item.recipe, item });
  }
  return kept;
}
