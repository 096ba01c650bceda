import type { LibraryItem } from '../../../../contract/library.ts';
import type { LocalRecipe } from '../../../../contract/recipe.ts';
import type { Studio } from '../../../studio.ts';
import { keepFile } from './keep-file.ts';

export interface KeptPicture {
  readonly path: string;
  readonly recipe: LocalRecipe;
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
    kept.push({ path: await keepFile(folder, `${name}-${item.recipe.seed}`, '.png', bytes), recipe: item.recipe });
  }
  return kept;
}
