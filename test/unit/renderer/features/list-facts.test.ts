import { expect, it } from 'vitest';
import type { LibraryItem } from '../../../../contract/library.ts';
import type { Recipe } from '../../../../contract/recipe.ts';
import { listFacts } from '../../../../renderer/features/library/details/list-facts.ts';
import { FIRST_RECORDS, listItemFiles, readJson } from '../../../helpers/frozen-records.ts';
import { toolRecipe } from '../../../helpers/tool-recipe.ts';
import { libraryItemRecord } from '../../../../contract/library.ts';
import { readRecord } from '../../../../contract/record.ts';

const [path = ''] = listItemFiles(`${FIRST_RECORDS}/library`, 'generation');
const item = readRecord<LibraryItem>(libraryItemRecord, readJson(path));
if (item.kind !== 'generation' || item.recipe.kind !== 'local') throw new Error('a picture drawn here was expected');
const { recipe } = item;
const factsOf = (other: Recipe) => listFacts({ ...item, recipe: other });

it('guidance is told with the timestep it begins at, where it has one', () => {
  expect(factsOf({ ...recipe, guidance: 3 })).toContainEqual({ name: 'Guidance', value: '3' });
  expect(factsOf({ ...recipe, guidance: 4, guidanceFromTimestep: 250 })).toContainEqual({
    name: 'Guidance',
    value: '4, from timestep 250 up',
  });
});

it('a mask is told beside the picture that was begun with', () => {
  const init = { imageSha256: 'a'.repeat(64), strength: 1 };
  const fact = { name: 'Mask', value: 'only a part was drawn anew' };
  expect(factsOf({ ...recipe, init })).not.toContainEqual(fact);
  expect(factsOf({ ...recipe, init: { ...init, maskSha256: 'b'.repeat(64) } })).toContainEqual(fact);
});

it('a picture drawn by a tool is described with what is known of it', () => {
  const facts = factsOf(toolRecipe);
  expect(facts).toEqual(
    expect.arrayContaining([
      { name: 'Seed', value: 'not told' },
      { name: 'steps', value: '20' },
      { name: 'Drawn by', value: 'comfyui at localhost:8188' },
    ]),
  );
});
