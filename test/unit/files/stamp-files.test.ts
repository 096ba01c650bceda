import { mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stampFolder } from '../../../main/files/stamp-files.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

test('a folder’s stamp stays while its files do, and changes with any of them, even for one of the same size and time', async () => {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'tokenizer', 'vocab.json');
  mkdirSync(join(folder, 'tokenizer'));
  writeFileSync(file, '{"a":1}');
  writeFileSync(join(folder, 'config.json'), '{}');
  const first = await stampFolder(folder);
  expect(await stampFolder(folder)).toBe(first);
  const { atime, mtime, ctimeMs } = statSync(file);
  // The clock of a file system has steps, of some milliseconds on many: as often as it takes to be in the next.
  do {
    writeFileSync(`${file}.new`, '{"b":1}');
    utimesSync(`${file}.new`, atime, mtime);
  } while (statSync(`${file}.new`).ctimeMs === ctimeMs);
  renameSync(`${file}.new`, file);
  const second = await stampFolder(folder);
  expect(second).not.toBe(first);
  writeFileSync(join(folder, 'more.json'), '{}');
  expect(await stampFolder(folder)).not.toBe(second);
  expect(await stampFolder(join(folder, 'nowhere'))).toBe('');
});
