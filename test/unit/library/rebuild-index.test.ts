import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { libraryQuerySchema } from '../../../contract/library.ts';
import type { Library } from '../../../main/library/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { sampleGeneration, samplePicture, samplePrompt } from './sample-items.ts';

const EVERYTHING = libraryQuerySchema.parse({ limit: 1000 });

function open(folder: string): Library {
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  return library;
}

/** A closed library of twelve items. */
async function makeLibrary(): Promise<string> {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  for (let i = 0; i < 4; i += 1) {
    const picture = await library.addPicture(samplePicture(`Picture ${i}`));
    const prompt = await library.addPrompt(samplePrompt(`text number ${i} of a fox`, [picture.id]));
    await library.addGeneration(sampleGeneration(`fox ${i}`, [prompt.id]));
  }
  await library.close();
  return folder;
}

function snapshot(library: Library): unknown {
  const page = library.queryItems(EVERYTHING);
  return {
    page,
    search: library.queryItems({ ...EVERYTHING, text: 'fox 3' }),
    lineages: page.items.map(({ id }) => library.getLineage(id)),
  };
}

async function snapshotOf(folder: string): Promise<unknown> {
  const library = openLibrary({ folder, clock: Date.now });
  const taken = snapshot(library);
  await library.close();
  return taken;
}

test('a deleted index is made again from the items', async () => {
  const folder = await makeLibrary();
  const before = await snapshotOf(folder);
  rmSync(join(folder, 'index.sqlite'));
  const library = open(folder);
  expect(snapshot(library)).toEqual(before);
  expect(library.problems).toEqual([expect.stringContaining('index was missing')]);
});

test.each([
  [
    'text instead of a database',
    (file: string) => writeFileSync(file, 'this is no database at all, but it is long enough to be looked at'),
  ],
  ['an empty file', (file: string) => writeFileSync(file, '')],
  ['a file cut short', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['zeros in the middle', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 4096, 40_960))],
  [
    'another version',
    (file: string) => {
      const database = new Database(file);
      database.pragma('user_version = 999');
      database.close();
    },
  ],
  [
    'a missing table',
    (file: string) => {
      const database = new Database(file);
      database.exec('DROP TABLE listings');
      database.close();
    },
  ],
])('an index that is %s is made again', async (_name, damage) => {
  const folder = await makeLibrary();
  const before = await snapshotOf(folder);
  damage(join(folder, 'index.sqlite'));
  const library = open(folder);
  expect(snapshot(library)).toEqual(before);
  await library.addPicture(samplePicture('New'));
  expect(library.countItems()).toBe(13);
});

test('an index damaged while it is in use is made again, and the write goes through', async () => {
  const folder = await makeLibrary();
  const library = open(folder);
  const vandal = new Database(join(folder, 'index.sqlite'));
  vandal.exec("UPDATE listings SET json = '{\"broken' WHERE seq = 1");
  vandal.close();
  expect(library.queryItems({ ...EVERYTHING, text: 'fox' }).total).toBe(8);
  await library.addPicture(samplePicture('New'));
  expect(library.queryItems(EVERYTHING).total).toBe(13);
  expect(library.problems.join()).toContain('index was damaged');
});

test('rebuilding on request keeps everything and counts it', async () => {
  const folder = await makeLibrary();
  const library = open(folder);
  const before = snapshot(library);
  const [report, added] = await Promise.all([library.rebuildIndex(), library.addPicture(samplePicture('Meanwhile'))]);
  expect(report).toEqual({ items: 12, problems: [] });
  await library.updateItem(added.id, { trashed: true });
  expect(snapshot(library)).toEqual(before);
  expect(existsSync(join(folder, 'index.sqlite.new'))).toBe(false);
});

test.each([
  ['no JSON', '{"kind":"pict'],
  ['not an item', '{"kind":"song"}'],
  ['empty', ''],
  ['another item', undefined],
])('an item file that is %s is reported, skipped and left in place', async (_name, text) => {
  const folder = await makeLibrary();
  const library = openLibrary({ folder, clock: Date.now });
  const [first, second] = library.queryItems(EVERYTHING).items;
  await library.close();
  const path = join(folder, 'items', `${first?.id}.json`);
  if (text === undefined) copyFileSync(join(folder, 'items', `${second?.id}.json`), path);
  else writeFileSync(path, text);
  const left = readFileSync(path);

  const again = open(folder);
  const problems = [expect.stringContaining(`${first?.id}.json could not be read`)];
  expect(again.countItems()).toBe(11);
  expect(again.problems).toEqual(problems);
  expect(await again.rebuildIndex()).toEqual({ items: 11, problems });
  expect(readFileSync(path)).toEqual(left);
});

test('files that are no items are reported and left alone; half-written ones are swept away', async () => {
  const folder = await makeLibrary();
  writeFileSync(join(folder, 'items', 'notes.txt'), 'mine');
  mkdirSync(join(folder, 'items', 'folder.json'));
  writeFileSync(join(folder, 'items', 'abc.json.123-ffff.tmp'), '{"half');
  mkdirSync(join(folder, 'images', 'ab'), { recursive: true });
  const orphan = join(folder, 'images', 'ab', `${'ab'.repeat(32)}.123-ffff.tmp`);
  writeFileSync(orphan, 'half');
  const library = open(folder);
  expect(library.countItems()).toBe(12);
  expect(library.problems).toHaveLength(2);
  expect(library.problems.join()).toMatch(/folder\.json.*notes\.txt|notes\.txt.*folder\.json/);
  expect(existsSync(join(folder, 'items', 'notes.txt'))).toBe(true);
  expect(existsSync(join(folder, 'items', 'abc.json.123-ffff.tmp'))).toBe(false);
  expect(existsSync(orphan)).toBe(false);
});

test('items and pictures that went away are reported', async () => {
  const folder = await makeLibrary();
  const library = openLibrary({ folder, clock: Date.now });
  const [generation, prompt] = library.queryItems(EVERYTHING).items;
  await library.close();
  rmSync(join(folder, 'items', `${prompt?.id}.json`));
  const sha256 = generation?.kind === 'generation' ? generation.image.sha256 : '';
  rmSync(join(folder, 'images', sha256.slice(0, 2), sha256));
  const again = open(folder);
  expect(again.countItems()).toBe(11);
  expect(again.problems).toEqual([
    expect.stringContaining(`items/${prompt?.id}.json is gone`),
    expect.stringContaining(`${sha256} of item ${generation?.id} is missing`),
  ]);
});

test('an item copied in or changed by hand is taken up at the next start; what did not change is not read again', async () => {
  const folder = await makeLibrary();
  const library = openLibrary({ folder, clock: Date.now });
  const [first, second, third] = library.queryItems(EVERYTHING).items;
  await library.close();
  const pathOf = (id: string | undefined): string => join(folder, 'items', `${id}.json`);
  utimesSync(pathOf(third?.id), 1_000_000, 1_000_000);
  await openLibrary({ folder, clock: Date.now }).close();
  writeFileSync(pathOf(first?.id), JSON.stringify({ ...first, title: 'Changed by hand' }));
  writeFileSync(pathOf('copied-in'), JSON.stringify({ ...second, id: 'copied-in' }));
  // Same size and time, other bytes: only reading it would show that it is broken.
  writeFileSync(pathOf(third?.id), 'x'.repeat(statSync(pathOf(third?.id)).size));
  utimesSync(pathOf(third?.id), 1_000_000, 1_000_000);

  const again = open(folder);
  expect(again.countItems()).toBe(13);
  expect(again.queryItems({ ...EVERYTHING, text: 'hand' }).total).toBe(1);
  expect(again.problems).toEqual([]);
});
