import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listFolder, stampFiles } from '../../../main/files/stamp-files.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

test('a folder’s stamp stays while its files do, and changes with any of them, even for one of the same size and time', async () => {
  const folder = makeTemporaryFolder();
  const file = join(folder, 'tokenizer', 'vocab.json');
  mkdirSync(join(folder, 'tokenizer'));
  writeFileSync(file, '{"a":1}');
  writeFileSync(join(folder, 'config.json'), '{}');
  const paths = await listFolder(folder);
  const first = await stampFiles(paths);
  expect(await stampFiles(await listFolder(folder))).toBe(first);
  const { atime, mtime, ctimeMs } = statSync(file);
  // The clock of a file system has steps, of some milliseconds on many: as often as it takes to be in the next.
  do {
    writeFileSync(`${file}.new`, '{"b":1}');
    utimesSync(`${file}.new`, atime, mtime);
  } while (statSync(`${file}.new`).ctimeMs === ctimeMs);
  renameSync(`${file}.new`, file);
  const second = await stampFiles(await listFolder(folder));
  expect(second).not.toBe(first);
  expect(await stampFiles(await listFolder(join(folder, 'nowhere')))).toBe(`${join(folder, 'nowhere')} missing`);
});

test('a folder’s own stamp tells of a file that came, and of one in a folder in it', async () => {
  const folder = makeTemporaryFolder();
  mkdirSync(join(folder, 'tokenizer'));
  for (const place of [folder, join(folder, 'tokenizer')]) {
    const paths = await listFolder(folder);
    const before = await stampFiles(paths);
    const { mtimeMs } = statSync(place);
    const more = join(place, 'more.json');
    do {
      rmSync(more, { force: true });
      writeFileSync(more, '{}');
    } while (statSync(place).mtimeMs === mtimeMs);
    expect(await stampFiles(paths)).not.toBe(before);
    expect(await listFolder(folder)).toHaveLength(paths.length + 1);
  }
});
