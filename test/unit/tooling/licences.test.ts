import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findMissingLicences, mustShip } from '../../../tooling/package/find-licences.ts';
import { composeNotices } from '../../../tooling/package/notices-plugin.ts';
import { isAllowed, readNotice } from '../../../tooling/package/read-notice.ts';
import { listBundledPackages, listProductionPackages } from '../../../tooling/package/list-production-packages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('every package that ships has its licence text, its own or one that is brought along', async () => {
  for (const { folder } of await listProductionPackages(root, process.platform, process.arch)) {
    if (!existsSync(join(root, folder))) continue;
    for (const text of findMissingLicences(root, folder)) expect(readFileSync(text, 'utf8').length).toBeGreaterThan(500);
  }
});

test('libvips ships with the LGPL and the GPL, the ONNX Runtime with its licence', () => {
  const names = (folder: string): string[] => findMissingLicences(root, folder).map((path) => basename(path));
  expect(names('node_modules/@img/sharp-libvips-linux-x64')).toEqual(['LGPL-3.0.txt', 'GPL-3.0.txt']);
  expect(names('node_modules/onnxruntime-node')).toEqual(['onnxruntime.txt']);
  expect(() => names('node_modules/of-nobody')).toThrow('has no licence text');
});

test('a licence ships though files of its kind are left behind', () => {
  expect(['node_modules/radash/LICENSE.md', 'node_modules/@img/sharp-libvips-linux-x64/README.md'].map(mustShip)).toEqual([
    true,
    true,
  ]);
  expect(mustShip('node_modules/radash/README.md')).toBe(false);
});

test('every package that ships is under an allowed licence, and its text stands in the notices', async () => {
  const staged = (await listProductionPackages(root, process.platform, process.arch)).map(({ folder }) => folder);
  const bundled = await listBundledPackages(root);
  expect(bundled).toEqual(expect.arrayContaining(['node_modules/electron-updater', 'node_modules/builder-util-runtime']));
  const notices = [...staged, ...bundled]
    .filter((folder) => existsSync(join(root, folder)))
    .map((folder) => readNotice(root, folder));
  const text = composeNotices(notices);
  expect(notices.length).toBeGreaterThan(50);
  for (const notice of notices) expect(text).toContain(notice.text);
});

test.each([
  ['MIT', true],
  ['Apache-2.0 AND LGPL-3.0-or-later', true],
  ['(AFL-2.1 OR BSD-3-Clause)', true],
  ['GPL-3.0-only', false],
  ['MIT AND SSPL-1.0', false],
  ['UNLICENSED', false],
])('a licence that asks for more than its text beside it is not allowed: %s', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected);
});

test('a package under another licence stops the build, by its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-licence-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'taker', version: '1.0.0', license: 'AGPL-3.0' }));
  expect(() => readNotice(folder, '.')).toThrow('taker is under "AGPL-3.0"');
  rmSync(folder, { recursive: true });
});
