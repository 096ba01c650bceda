import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { libraryQuerySchema, libraryRowsQuerySchema } from '../../../contract/library.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { samplePicture, samplePrompt } from './sample-items.ts';

function open(folder: string): Library {
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  return library;
}

const titlesOn = (library: Library, boardId: string) =>
  library.queryRows(libraryRowsQuerySchema.parse({ boardId, order: 'oldest' })).rows.map((row) => row.title || row.text);

test('an item can be on many boards, and a board holds many items', async () => {
  const library = open(makeTemporaryFolder());
  const foxes = await library.createBoard('Foxes');
  const red = await library.createBoard('Red things');
  const fox = await library.addPicture(samplePicture('fox'));
  const rose = await library.addPicture(samplePicture('rose'));
  const text = await library.addPrompt(samplePrompt('a fox at night'));
  await library.updateItems({ itemIds: [fox.id, text.id], change: { addToBoard: foxes.id } });
  expect(await library.updateItems({ itemIds: [fox.id, rose.id], change: { addToBoard: red.id } })).toEqual([fox.id, rose.id]);
  expect(titlesOn(library, foxes.id)).toEqual(['fox', 'Prompt: a fox at night']);
  expect(titlesOn(library, red.id)).toEqual(['fox', 'rose']);
  expect(library.getItem(fox.id).boards).toEqual([foxes.id, red.id]);
  expect(library.overview().boards).toMatchObject([
    { name: 'Foxes', items: 2 },
    { name: 'Red things', items: 2 },
  ]);
  // Already there: nothing changes, and nothing is told to have changed.
  expect(await library.updateItems({ itemIds: [fox.id], change: { addToBoard: red.id } })).toEqual([]);
  expect(await library.updateItems({ itemIds: [fox.id, rose.id], change: { takeFromBoard: red.id } })).toEqual([fox.id, rose.id]);
  expect(titlesOn(library, red.id)).toEqual([]);
  await expect(library.updateItems({ itemIds: [fox.id], change: { addToBoard: 'nowhere' } })).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('what is in the trash is not counted on a board, and is there again when it comes back', async () => {
  const library = open(makeTemporaryFolder());
  const board = await library.createBoard('Foxes');
  const fox = await library.addPicture(samplePicture('fox'));
  await library.updateItems({ itemIds: [fox.id], change: { addToBoard: board.id } });
  await library.updateItem(fox.id, { trashed: true });
  expect(library.overview().boards).toMatchObject([{ items: 0 }]);
  await library.updateItem(fox.id, { trashed: false });
  expect(titlesOn(library, board.id)).toEqual(['fox']);
});

test('a deleted board comes back with its name and its items, also after a restart', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const board = await library.createBoard('Foxes');
  const fox = await library.addPicture(samplePicture('fox'));
  await library.updateItems({ itemIds: [fox.id], change: { addToBoard: board.id } });
  await library.updateBoard(board.id, { deleted: true });
  expect(library.overview().boards).toEqual([]);
  await library.close();
  const again = open(folder);
  expect(again.overview().boards).toEqual([]);
  await again.updateBoard(board.id, { deleted: false, name: 'All foxes' });
  expect(again.overview().boards).toMatchObject([{ id: board.id, name: 'All foxes', items: 1 }]);
  await expect(again.updateBoard('nowhere', { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });
});

test('a rebuilt index knows what is on each board', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const board = await library.createBoard('Foxes');
  const fox = await library.addPicture(samplePicture('fox'));
  await library.updateItems({ itemIds: [fox.id], change: { addToBoard: board.id, starred: true } });
  await library.rebuildIndex();
  expect(titlesOn(library, board.id)).toEqual(['fox']);
  await library.close();
  rmSync(join(folder, 'index.sqlite'));
  const again = open(folder);
  expect(titlesOn(again, board.id)).toEqual(['fox']);
  expect(again.overview()).toMatchObject({ starred: 1, boards: [{ name: 'Foxes', items: 1 }] });
});

test.each([
  ['gone', (file: string) => rmSync(file)],
  ['no JSON', (file: string) => writeFileSync(file, '{"schemaVersion":1,"boa')],
  ['of another shape', (file: string) => writeFileSync(file, '{"boards":"many"}')],
])('when the file with the names is %s, boards keep their items under new names', async (_, spoil) => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const board = await library.createBoard('Foxes');
  const fox = await library.addPicture(samplePicture('fox'));
  await library.updateItems({ itemIds: [fox.id], change: { addToBoard: board.id } });
  await library.close();
  const file = join(folder, 'boards.json');
  const wasThere = existsSync(file);
  spoil(file);
  const again = open(folder);
  expect(wasThere).toBe(true);
  expect(again.overview().boards).toMatchObject([{ id: board.id, name: 'Recovered board 1', items: 1 }]);
  await again.updateBoard(board.id, { name: 'Foxes' });
  expect(titlesOn(again, board.id)).toEqual(['fox']);
  const aside = readdirSync(folder).filter((name) => name.startsWith('boards.json.damaged'));
  expect(aside.length).toBe(again.problems.length);
});

test('items of a library from before boards are on none', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  const fox = await library.addPicture(samplePicture('fox'));
  await library.close();
  const { boards, ...before } = fox;
  expect(boards).toEqual([]);
  writeFileSync(join(folder, 'items', `${fox.id}.json`), JSON.stringify(before));
  const again = open(folder);
  expect(again.problems).toEqual([]);
  expect(again.getItem(fox.id)).toEqual(fox);
  expect(again.queryItems(libraryQuerySchema.parse({})).items).toEqual([fox]);
});
