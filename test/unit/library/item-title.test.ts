import { describe, expect, test } from 'vitest';
import type { LibraryItem } from '../../../contract/library.ts';
import { libraryRowsQuerySchema } from '../../../contract/library.ts';
import { isTelling, titleOf } from '../../../main/library/item-title.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { FACTS, sampleGeneration, samplePicture, samplePrompt, sampleRecipe } from './sample-items.ts';

const base = { id: 'i', createdMs: 1, starred: false, trashed: false, parents: [], boards: [], named: false };
const image = { ...FACTS, sha256: 'a'.repeat(64), bytes: 1 };
const picture = (title: string, named = false): LibraryItem => ({ ...base, kind: 'picture', title, named, image });
const text = (title: string, words: string, named = false): LibraryItem => ({
  ...base,
  kind: 'prompt',
  title,
  named,
  text: words,
  prompt: samplePrompt(words).prompt,
});
const drawing = (title: string, words: string, named = false): LibraryItem => ({
  ...base,
  kind: 'generation',
  title,
  named,
  image,
  recipe: sampleRecipe(words),
  fidelity: null,
});

describe('a file’s name', () => {
  test.each([
    'farm pig',
    'teal square',
    'Schloss_Neuschwanstein-2019',
    'berlin',
    'IMG_1234 pig',
    'Number 12',
    '富士山',
    'sunset at the lake',
    'cat.png',
    'facade',
  ])('says something: %s', (name) => expect(isTelling(name)).toBe(true));

  test.each([
    '',
    'IMG_1234',
    'img 1234.jpg',
    'DSC00042',
    'DSCF0001-2',
    'PXL_20240115_101112123.MP',
    '20240115_123456',
    '2024-01-15 12.34.56',
    'Screenshot 2024-01-15 at 10.00.00',
    'Bildschirmfoto 2024-01-15 um 10.00.00',
    'd41d8cd98f00b204e9800998ecf8427e',
    'd41d8cd9',
    '0190f5c8-7a3e-7b1c-9d2e-3f4a5b6c7d8e',
    'WhatsApp Image 2024-01-15 at 10.00.00',
    'GOPR0042',
    'aB3xK9qLm2Zr',
    'Untitled (2)',
    'download',
    'image copy 3',
    'Reconstruction',
    'x',
  ])('says nothing: %j', (name) => expect(isTelling(name)).toBe(false));
});

describe('a title', () => {
  test.each([
    ['own, whatever it is', picture('IMG_1234', true), 'Pig', 'IMG_1234'],
    ['own, of a drawing', drawing('a pig', 'a pig on grass', true), 'Pig', 'a pig'],
    ['a telling name of a file', picture('farm_pig.png'), 'Pig, sticker style', 'farm pig'],
    ['the subject where the file says nothing', picture('IMG_1234'), 'Pig, sticker style', 'Pig, sticker style'],
    ['the file’s name where nothing else is known', picture('IMG_1234.jpg'), '', 'IMG_1234'],
    ['nothing where there is nothing', picture(''), '', ''],
    [
      'of a text: the file’s name with the subject',
      text('summer day', 'a pig'),
      'Pig, sticker style',
      'summer day, pig, sticker style',
    ],
    [
      'of a text: the name alone where it says the subject',
      text('Pig on a horizon', 'a pig'),
      'Pig, flat style',
      'Pig on a horizon',
    ],
    ['of a text: the subject alone', text('DSC00042', 'a pig'), 'Pig', 'Pig'],
    ['of a text: its beginning where it names nothing', text('', 'of the and'), '', 'of the and'],
    [
      'of a text: whole words of a long one',
      text('', `${'of the '.repeat(10)}nevertheless and`),
      '',
      `${'of the '.repeat(10)}…`.replace(' …', '…'),
    ],
    ['of a drawing: the subject, not the text it was called by', drawing('a pig on', 'a pig on grass'), 'Pig', 'Pig'],
  ])('is %s', (_, item, subject, title) => {
    expect(titleOf(item, subject)).toBe(title);
  });
});

test('a picture is called by its first text, until it has a name; lists and their order follow', async () => {
  let now = 1_700_000_000_000;
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: () => (now += 1000) });
  const titles = () => library.queryRows(libraryRowsQuerySchema.parse({ order: 'title' })).rows.map(({ title }) => title);
  const { id } = await library.addPicture(samplePicture('IMG_1234'));
  expect(titles()).toEqual(['IMG_1234']);
  const text = await library.addPrompt({ ...samplePrompt('a zebra, watercolor', [id]), title: 'IMG_1234' });
  await library.addPrompt({ ...samplePrompt('a lion', [id]), title: 'IMG_1234' });
  await library.addGeneration({ ...sampleGeneration('a lion', [text.id]), title: 'a lion' });
  expect(titles()).toEqual(['Lion', 'Lion', 'Zebra, watercolor', 'Zebra, watercolor']);
  await library.rebuildIndex();
  expect(titles()).toEqual(['Lion', 'Lion', 'Zebra, watercolor', 'Zebra, watercolor']);
  await library.updateItem(text.id, { trashed: true });
  await library.deleteItems([text.id]);
  expect(titles()).toEqual(['Lion', 'Lion', 'Lion']);
  const renamed = await library.updateItem(id, { title: 'IMG_0001' });
  expect(renamed).toMatchObject({ title: 'IMG_0001', named: true });
  expect(titles()).toEqual(['IMG_0001', 'Lion', 'Lion']);
  await library.updateItem(id, { title: 'IMG_1234', named: false });
  expect(titles()).toEqual(['Lion', 'Lion', 'Lion']);
  await library.close();
});
