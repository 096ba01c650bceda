import { expect, it } from 'vitest';
import { libraryItemRecord } from '../../../contract/library.ts';
import { recipeRecord } from '../../../contract/recipe.ts';
import type { Recipe, ToolRecipe } from '../../../contract/recipe.ts';
import { readRecord } from '../../../contract/record.ts';
import { listFacts } from '../../../renderer/features/library/list-facts.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { FIRST_RECORDS, listItemFiles, readJson } from '../../helpers/frozen-records.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { sampleGeneration } from '../library/sample-items.ts';

const byTool: ToolRecipe = {
  schemaVersion: 2,
  kind: 'tool',
  tool: 'comfyui',
  host: 'localhost:8188',
  model: 'dream.safetensors',
  text: 'a red fox',
  parameters: { steps: 20 },
  answer: { node: '9' },
  seed: null,
  init: null,
};

it('a recipe of the first version was drawn by a local pack', () => {
  const [path = ''] = listItemFiles(`${FIRST_RECORDS}/library`, 'generation');
  const stored = readJson(path);
  const today = readRecord<Recipe>(recipeRecord, stored['recipe']);
  expect(today).toEqual({ ...(stored['recipe'] as object), schemaVersion: 2, kind: 'local' });
  expect(readRecord(libraryItemRecord, stored)).toMatchObject({ recipe: today });
});

it('a recipe tells from which timestep on there was guidance, and an older one says nothing of it', async () => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => 1 });
  const made = sampleGeneration('fox');
  const guidanceOf = async (recipe: Recipe): Promise<string | undefined> =>
    listFacts(await library.addGeneration({ ...made, bytes: Buffer.from(JSON.stringify(recipe)), recipe })).find(
      ({ name }) => name === 'Guidance',
    )?.value;
  if (made.recipe.kind !== 'local') throw new Error('a local recipe was expected');
  expect(readRecord<Recipe>(recipeRecord, made.recipe)).toEqual(made.recipe);
  expect(await guidanceOf({ ...made.recipe, guidance: 3 })).toBe('3');
  const inInterval = { ...made.recipe, guidance: 4, guidanceFromTimestep: 250 };
  expect(readRecord<Recipe>(recipeRecord, inInterval)).toEqual(inInterval);
  expect(await guidanceOf(inInterval)).toBe('4, from timestep 250 up');
  await library.close();
});

it('a picture drawn by a tool is kept, found and described with what is known of it', async () => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => 1 });
  const item = await library.addGeneration({ ...sampleGeneration('fox'), recipe: byTool, fidelity: null });
  expect(library.getItem(item.id)).toMatchObject({ recipe: byTool });
  expect((await library.rebuildIndex()).problems).toEqual([]);
  const query = { kinds: [], trashed: false, limit: 10 };
  expect(library.queryItems({ ...query, text: 'comfyui' }).items.map(({ id }) => id)).toEqual([item.id]);
  expect(library.overview().packs).toEqual([]);
  expect(listFacts(item)).toEqual(
    expect.arrayContaining([
      { name: 'Seed', value: 'not told' },
      { name: 'steps', value: '20' },
      { name: 'Drawn by', value: 'comfyui at localhost:8188' },
    ]),
  );
  await library.close();
});
