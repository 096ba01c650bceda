import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

const script = resolve(import.meta.dirname, '../../../tooling/dead-members/find-dead-members.ts');

it('a member of a class that nothing names is found, and one that something names is not', () => {
  const folder = makeTemporaryFolder();
  mkdirSync(join(folder, 'main'));
  writeFileSync(join(folder, 'main/planted.ts'), 'export class Planted {\n  used = 1;\n  forgotten = 2;\n}\n');
  writeFileSync(join(folder, 'main/reader.ts'), "import { Planted } from './planted.ts';\nconsole.log(new Planted().used);\n");
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr.trim().replaceAll('\\', '/')]).toEqual([
    1,
    'main/planted.ts:3 Planted.forgotten is used by nothing but tests',
  ]);
});
