import { expect, it } from 'vitest';
import { batchSettingsRecord } from '../../../contract/batch.ts';
import { jobRequestRecord } from '../../../contract/job-records.ts';
import { libraryItemRecord } from '../../../contract/library.ts';
import { recipeRecord, recipeVersion } from '../../../contract/recipe.ts';
import type { Recipe } from '../../../contract/recipe.ts';
import { readRecord } from '../../../contract/record.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import {
  FIFTH_RECORDS,
  FIRST_RECORDS,
  listItemFiles,
  NEWER,
  readJson,
  SECOND_RECORDS,
  SEVENTH_RECORDS,
  SIXTH_RECORDS,
  TENTH_RECORDS,
  THIRD_RECORDS,
} from '../../helpers/frozen-records.ts';
import { toolRecipe } from '../../helpers/tool-recipe.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { sampleGeneration } from '../library/sample-items.ts';

it('a recipe of the first version was drawn by a local pack', () => {
  const [path = ''] = listItemFiles(`${FIRST_RECORDS}/library`, 'generation');
  const stored = readJson(path);
  const today = readRecord<Recipe>(recipeRecord, stored['recipe']);
  expect(today).toEqual({ ...(stored['recipe'] as object), schemaVersion: recipeVersion, kind: 'local' });
  expect(readRecord(libraryItemRecord, stored)).toMatchObject({ recipe: today });
});

it.each(['local', 'tool'])('a recipe of the second version grows: %s', (kind) => {
  const stored = readJson(`${SECOND_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 2, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual({ ...stored, schemaVersion: recipeVersion });
});

it.each(['local', 'tool'])('a recipe of the third version grows: %s', (kind) => {
  const stored = readJson(`${THIRD_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 3, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual({ ...stored, schemaVersion: recipeVersion });
});

it.each(['local', 'tool'])('a recipe of the fourth version grows: %s', (kind) => {
  const stored = readJson(`${FIFTH_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 4, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual({ ...stored, schemaVersion: recipeVersion });
});

it.each(['local', 'tool'])('a recipe of the fifth version grows: %s', (kind) => {
  const stored = readJson(`${SIXTH_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 5, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual({ ...stored, schemaVersion: recipeVersion });
});

it.each(['local', 'tool'])('a recipe of the sixth version grows: %s', (kind) => {
  const stored = readJson(`${SEVENTH_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 6, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual({ ...stored, schemaVersion: recipeVersion });
});

it.each(['local', 'tool'])('a recipe of the seventh version is read as it was written: %s', (kind) => {
  const stored = readJson(`${TENTH_RECORDS}/recipes/${kind}.json`);
  expect(stored).toMatchObject({ schemaVersion: 7, kind });
  expect(readRecord<Recipe>(recipeRecord, stored)).toEqual(stored);
});

it('what a job and a batch draw with is read as it was written, and an older form of it stays as it is', () => {
  for (const [file, record, written] of [
    [`${FIFTH_RECORDS}/generate-request`, jobRequestRecord, 6],
    [`${SIXTH_RECORDS}/jobs/generate-request`, jobRequestRecord, 7],
    [`${SEVENTH_RECORDS}/generate-request`, jobRequestRecord, 8],
    [`${TENTH_RECORDS}/generate-request`, jobRequestRecord, 9],
    [`${FIFTH_RECORDS}/batch-settings`, batchSettingsRecord, 2],
    [`${TENTH_RECORDS}/batch-settings`, batchSettingsRecord, 4],
  ] as const) {
    const { schemaVersion, ...stored } = readJson(`${file}.json`);
    expect(schemaVersion).toBe(written);
    expect(readRecord<unknown>(record, { schemaVersion, ...stored })).toEqual(stored);
    expect(readRecord<unknown>(record, { ...stored, schemaVersion: written - 1 })).toEqual(stored);
  }
});

it('a recipe of version 2 that was guided from a timestep on keeps that', () => {
  const stored = { ...readJson(`${THIRD_RECORDS}/recipes/local.json`), schemaVersion: 2 };
  expect(readRecord<Recipe>(recipeRecord, stored)).toMatchObject({ guidanceFromTimestep: 250, scheduler: 'euler-karras' });
});

it('a recipe of a later version is told as newer', () => {
  const later = { ...readJson(`${THIRD_RECORDS}/recipes/local.json`), schemaVersion: NEWER };
  expect(() => readRecord<Recipe>(recipeRecord, later)).toThrow(expect.objectContaining({ code: 'record-newer' }) as Error);
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
