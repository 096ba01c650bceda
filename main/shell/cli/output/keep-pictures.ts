import type { LibraryItem } from '../../../../contract/library.ts';
import type { Recipe } from '../../../../contract/recipe.ts';
import type { Studio } from '../../../studio.ts';
import { keepFile } from './keep-file.ts';

export interface KeptPicture {
  readonly path: string;
  readonly recipe: Recipe;
  /** The library's. */
  readonly item: { readonly id: string; readonly createdMs: number };
}

/** Writes the pictures that a job drew into a folder as `name-<seed>.png`, or numbered where a tool told no seed. */
export async function keepPictures(
  studio: Studio,
  items: readonly LibraryItem[],
  folder: string,
  name: string,
): Promise<KeptPicture[]> {
  const kept: KeptPicture[] = [];
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'generation') continue;
    const bytes = await studio.readImage(item.image.sha256);
    const path = await keepFile(folder, `${name}-${item.recipe.seed ?? index + 1}`, '.png', bytes);
    kept.push({ path, recipe: item.recipe, item });
  }
  return kept;
}
