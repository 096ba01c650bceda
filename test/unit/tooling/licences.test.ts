import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findMissingLicences, mustShip } from '../../../tooling/package/find-licences.ts';
import { listProductionPackages } from '../../../tooling/package/list-production-packages.ts';

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
