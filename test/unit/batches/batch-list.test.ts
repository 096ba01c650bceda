import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { sampleBatch, sampleRow, sampleText } from './sample-batches.ts';

function openList(file = join(makeTemporaryFolder(), 'batches.sqlite')): BatchList {
  const list = new BatchList({ file, clock: Date.now });
  onTestFinished(() => list.close());
  return list;
}

const page = (list: BatchList, over: object = {}) =>
  list.read.page({
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
  const first = new BatchList({ file, clock: Date.now });
  for (const id of ['one', 'two', 'three']) first.append(sampleBatch(id));
  first.move('three', 'one');
  first.addRows(
    'one',
    ['a', 'b', 'c'].map((id) => sampleRow(id)),
  );
  first.changeRows('one', (rows) => rows.move('one', ['c'], 'a'));
  first.close();
  const second = openList(file);
  expect(second.list().map(({ id }) => id)).toEqual(['three', 'one', 'two']);
  expect(second.list().map(({ id }) => second.rank(id))).toEqual([0, 1, 2]);
  expect(page(second).rows.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
});

test('what is cancelled while it is in hand stays cancelled, and keeps its text', () => {
  const list = openList();
  list.append(sampleBatch('one'));
  list.addRows('one', [sampleRow('a')]);
  const [row] = list.read.waiting('one', 1);
  if (row === undefined) throw new Error('no row');
  list.changeRows('one', (rows) => rows.cancel('one'));
  list.keepTexts('one', row, [sampleText()], true);
  expect(page(list).rows).toMatchObject([{ state: 'cancelled', texts: [{ text: 'a red fox' }] }]);
  expect(list.live('one').counts).toEqual({ waiting: 0, done: 0, failed: 0, cancelled: 1 });
});

test('ten thousand rows are added, moved, found and counted', () => {
  const list = openList();
  list.append(sampleBatch('one'));
  list.addRows(
    'one',
    Array.from({ length: 10_000 }, (_, index) => sampleRow(`row-${index}`, `picture ${index}.png`)),
  );
  const [last] = page(list, { offset: 9_999 }).rows;
  list.changeRows('one', (rows) => rows.move('one', [last?.id ?? ''], 'row-0'));
  expect(page(list, { limit: 2 }).rows.map(({ name }) => name)).toEqual(['picture 9999.png', 'picture 0.png']);
  expect(page(list, { sort: 'name', descending: true, limit: 1 }).rows.map(({ name }) => name)).toEqual(['picture 9999.png']);
  expect(page(list, { search: 'PICTURE 123' }).total).toBe(11);
  expect(list.live('one').counts.waiting).toBe(10_000);
});

test('a damaged file is put aside and said so', () => {
  const file = join(makeTemporaryFolder(), 'batches.sqlite');
  writeFileSync(file, 'this is no database, and long enough to be looked at as one'.repeat(40));
  const list = openList(file);
  expect(list.list()).toEqual([]);
  expect(list.problems[0]).toContain('list of batches was damaged');
});
