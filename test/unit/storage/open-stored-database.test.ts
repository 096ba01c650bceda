import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStoredDatabase } from '../../../main/storage/open-stored-database.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const first = 'CREATE TABLE notes (text TEXT NOT NULL)';
const second = `ALTER TABLE notes ADD COLUMN words INTEGER NOT NULL DEFAULT 0; UPDATE notes SET words = length(text)`;
const third = 'CREATE INDEX notes_by_words ON notes (words)';

function open(file: string, steps: readonly [string, ...string[]], problems: string[] = []) {
  return openStoredDatabase({
    ...{ file, steps, holds: 'list of notes', clock: () => 1, onProblem: (problem: string) => problems.push(problem) },
    check: (database) => database.prepare('SELECT text FROM notes LIMIT 1').get(),
  });
}

it('brings the tables of an older version to those of today, with what they hold', () => {
  const file = join(makeTemporaryFolder(), 'notes.sqlite');
  const older = open(file, [first]);
  older.prepare('INSERT INTO notes VALUES (?)').run('pig');
  older.close();
  const problems: string[] = [];
  const today = open(file, [first, second, third], problems);
  expect(today.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'pig', words: 3 }]);
  expect(today.pragma('user_version', { simple: true })).toBe(3);
  today.close();
  // The steps are done once: the second would fail on a table that has the column.
  open(file, [first, second, third], problems).close();
  expect(problems).toEqual([]);
});

it('makes the same tables in an empty database as an older one grows to', () => {
  const folder = makeTemporaryFolder();
  open(join(folder, 'older.sqlite'), [first, second]).close();
  const tables = ['older.sqlite', 'new.sqlite'].map((name) => {
    const database = open(join(folder, name), [first, second, third]);
    const rows = database.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
    database.close();
    return rows;
  });
  expect(tables[0]).toEqual(tables[1]);
});

it('keeps a file whose tables do not take a step aside, whole as it was', () => {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'notes.sqlite');
  // Another hand added what the step would add.
  const older = open(file, [first]);
  older.exec('ALTER TABLE notes ADD COLUMN words INTEGER');
  older.prepare('INSERT INTO notes VALUES (?, ?)').run('pig', 7);
  older.close();
  const problems: string[] = [];
  const today = open(file, [first, second], problems);
  expect(today.prepare('SELECT * FROM notes').all()).toEqual([]);
  today.close();
  const [aside = ''] = readdirSync(folder).filter((name) => name !== 'notes.sqlite' && !/-(wal|shm)$/.test(name));
  expect(problems).toEqual([expect.stringContaining(aside)]);
  const kept = open(join(folder, aside), [first]);
  expect(kept.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'pig', words: 7 }]);
  kept.close();
});
