import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { BatchBook } from '../../../main/batches/batch-book.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { sampleBatch, sampleRow, sampleText } from './sample-batches.ts';

function openBook(file = join(makeTemporaryFolder(), 'batches.sqlite')): BatchBook {
  const book = new BatchBook({ file, clock: Date.now });
  onTestFinished(() => book.close());
  return book;
}

const page = (book: BatchBook, over: object = {}) =>
  book.read.page({
    batchId: 'one',
    offset: 0,
    limit: 100,
    sort: 'position',
    descending: false,
    states: null,
    working: [],
    search: '',
    ...over,
  });

test('batches and rows are there again in their order', () => {
  const file = join(makeTemporaryFolder(), 'batches.sqlite');
  const first = new BatchBook({ file, clock: Date.now });
  for (const id of ['one', 'two', 'three']) first.append(sampleBatch(id));
  first.move('three', 'one');
  first.addRows(
    'one',
    ['a', 'b', 'c'].map((id) => sampleRow(id)),
  );
  first.changeRows('one', (rows) => rows.move('one', ['c'], 'a'));
  first.close();
  const second = openBook(file);
  expect(second.list().map(({ id }) => id)).toEqual(['three', 'one', 'two']);
  expect(second.list().map(({ id }) => second.rank(id))).toEqual([0, 1, 2]);
  expect(page(second).rows.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
});

test('what is cancelled while it is in hand stays cancelled, and keeps its text', () => {
  const book = openBook();
  book.append(sampleBatch('one'));
  book.addRows('one', [sampleRow('a')]);
  const [row] = book.read.waiting('one', 1);
  if (row === undefined) throw new Error('no row');
  book.changeRows('one', (rows) => rows.cancel('one'));
  book.keepTexts('one', row, [sampleText()], true);
  expect(page(book).rows).toMatchObject([{ state: 'cancelled', texts: [{ text: 'a red fox' }] }]);
  expect(book.live('one').counts).toEqual({ waiting: 0, done: 0, failed: 0, cancelled: 1 });
});

test('ten thousand rows are added, moved, found and counted', () => {
  const book = openBook();
  book.append(sampleBatch('one'));
  book.addRows(
    'one',
    Array.from({ length: 10_000 }, (_, index) => sampleRow(`row-${index}`, `picture ${index}.png`)),
  );
  const [last] = page(book, { offset: 9_999 }).rows;
  book.changeRows('one', (rows) => rows.move('one', [last?.id ?? ''], 'row-0'));
  expect(page(book, { limit: 2 }).rows.map(({ name }) => name)).toEqual(['picture 9999.png', 'picture 0.png']);
  expect(page(book, { sort: 'name', descending: true, limit: 1 }).rows.map(({ name }) => name)).toEqual(['picture 9999.png']);
  expect(page(book, { search: 'PICTURE 123' }).total).toBe(11);
  expect(book.live('one').counts.waiting).toBe(10_000);
});

test('a damaged file is put aside and said so', () => {
  const file = join(makeTemporaryFolder(), 'batches.sqlite');
  writeFileSync(file, 'this is no database, and long enough to be looked at as one'.repeat(40));
  const book = openBook(file);
  expect(book.list()).toEqual([]);
  expect(book.problems[0]).toContain('list of batches was damaged');
});
