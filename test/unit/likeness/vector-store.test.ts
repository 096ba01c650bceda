import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { VectorStore } from '../../../main/likeness/vector-store.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const fail = (problem: string): never => {
  throw new Error(problem);
};
const open = (file: string, onProblem: (problem: string) => void = fail) =>
  VectorStore.open({ file, clock: Date.now, onProblem });
const sha = (digit: string) => digit.repeat(64);

test('vectors are kept for each scorer, bit for bit', () => {
  const file = join(makeTemporaryFolder(), 'vectors.sqlite');
  const store = open(file);
  const vector = Float32Array.from([0.25, -1 / 3, 1e-30, 1]);
  // A view into the middle of a larger buffer, as they come out of a batch.
  const part = new Float32Array([9, 9, ...vector, 9]).subarray(2, 6);
  store.put('scorer one', [{ sha256: sha('a'), vector: part }]);
  store.put('scorer two', [{ sha256: sha('a'), vector: Float32Array.from([1]) }]);
  store.close();
  const again = open(file);
  expect(again.list('scorer one')).toEqual([{ sha256: sha('a'), vector }]);
  expect(again.list('scorer two')).toHaveLength(1);
  expect(again.list('the same scorer after a change')).toEqual([]);
  again.remove([sha('a')]);
  expect(again.list('scorer one')).toEqual([]);
  expect(again.list('scorer two')).toEqual([]);
  again.close();
});

test.each([
  ['is no database', (file: string) => writeFileSync(file, 'not a database, but long enough to be looked at')],
  ['has zeros in the middle', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 10, 2000))],
  ['is empty', (file: string) => writeFileSync(file, '')],
])('a file that %s is put aside, said and replaced', (_, spoil) => {
  const file = join(makeTemporaryFolder(), 'vectors.sqlite');
  const store = open(file);
  store.put('scorer', [{ sha256: sha('b'), vector: Float32Array.from([1]) }]);
  store.close();
  spoil(file);
  const problems: string[] = [];
  const again = open(file, (problem) => problems.push(problem));
  expect(problems).toEqual([expect.stringContaining('was damaged')]);
  expect(readdirSync(dirname(file)).some((name) => name.startsWith('vectors.sqlite.damaged-'))).toBe(true);
  expect(again.list('scorer')).toEqual([]);
  again.put('scorer', [{ sha256: sha('c'), vector: Float32Array.from([1]) }]);
  expect(again.list('scorer')).toHaveLength(1);
  again.close();
});
