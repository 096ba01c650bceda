import { expect, it } from 'vitest';
import { libraryItemRecord } from '../../../contract/library.ts';
import { recipeRecord } from '../../../contract/recipe.ts';
import type { Recipe } from '../../../contract/recipe.ts';
import { readRecord } from '../../../contract/record.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { FIRST_RECORDS, listItemFiles, readJson, SECOND_RECORDS } from '../../helpers/frozen-records.ts';
import { toolRecipe } from '../../helpers/tool-recipe.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { sampleGeneration } from '../library/sample-items.ts';

it('a recipe of the first version was drawn by a local pack', () => {
  const [path = ''] = listItemFiles(`${FIRST_RECORDS}/library`, 'generation');
  const stored = readJson(path);
  const today = readRecord<Recipe>(recipeRecord, stored['recipe']);
  expect(today).toEqual({ ...(stored['recipe'] as object), schemaVersion: 2, kind: 'local' });
  expect(readRecord(libraryItemRecord, stored)).toMatchObject({ recipe: today });
});

it.each(['local', 'tool'])('a recipe of the second version is read as it was written: %s', (kind) => {
  const stored = readJson(`${SECOND_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 2, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual(stored);
});

it('a recipe with guidance from a timestep on is read as it was written, and so is one without', () => {
  const { recipe } = sampleGeneration('fox');
  if (recipe.kind !== 'local') throw new Error('a local recipe was expected');
  for (const one of [recipe, { ...recipe, guidance: 4, guidanceFromTimestep: 250 }])
    expect(readRecord<Recipe>(recipeRecord, one)).toEqual(one);
});

it('a picture drawn by a tool is kept and found with what is known of it', async () => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => 1 });
  const item = await library.addGeneration({ ...sampleGeneration('fox'), recipe: toolRecipe, fidelity: null });
  expect(library.getItem(item.id)).toMatchObject({ recipe: toolRecipe });
  expect((await library.rebuildIndex()).problems).toEqual([]);
  const query = { kinds: [], trashed: false, limit: 10 };
  expect(library.queryItems({ ...query, text: 'comfyui' }).items.map(({ id }) => id)).toEqual([item.id]);
  expect(library.overview().packs).toEqual([]);
  await library.close();
});
