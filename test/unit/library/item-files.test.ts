import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ItemFiles } from '../../../main/library/item-files.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

const id = '01a22601-4cbe-7410-9ca8-b3d2982b492d';

test.skipIf(process.platform === 'win32')(
  'an item that cannot be opened because too many files are is not told as damaged',
  () => {
    const folder = makeTemporaryFolder();
    writeFileSync(join(folder, `${id}.json`), '{}');
    const script = fileURLToPath(new URL('read-with-no-descriptor-left.ts', import.meta.url));
    const command = 'ulimit -n 64 && exec "$0" "$@"';
    expect(execFileSync('sh', ['-c', command, process.execPath, script, folder, id], { encoding: 'utf8' })).toBe(
      'file-unreadable',
    );
  },
);

test('an item that is not there, or is no item, is', () => {
  const folder = makeTemporaryFolder();
  expect(new ItemFiles(folder).read(id)).toMatchObject({ instead: null });
  writeFileSync(join(folder, `${id}.json`), '{}');
  expect(new ItemFiles(folder).read(id)).toMatchObject({ instead: null });
});
