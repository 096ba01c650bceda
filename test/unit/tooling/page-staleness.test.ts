import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isPageStale } from '../../../tooling/start/build-page-when-stale.ts';

let root: string;

const write = async (path: string, seconds: number) => {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), 'x');
  await utimes(join(root, path), seconds, seconds);
};
const touchFolders = async (seconds: number) => {
  for (const folder of ['renderer', 'renderer/features', 'contract']) await utimes(join(root, folder), seconds, seconds);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dediffusion-stale-'));
  await write('renderer/main.ts', 1000);
  await write('renderer/features/deep.svelte', 1000);
  await write('contract/methods.ts', 1000);
  await write('vite.config.ts', 1000);
  await touchFolders(1000);
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('builds a page that was never built', async () => {
  expect(await isPageStale(root)).toBe(true);
});

it('leaves a page alone that is newer than its sources', async () => {
  await write('dist/renderer/index.html', 2000);
  expect(await isPageStale(root)).toBe(false);
});

it.each(['renderer/features/deep.svelte', 'contract/methods.ts', 'docs/guide/words.md', 'vite.config.ts', 'package-lock.json'])(
  'builds again when %s changed',
  async (path) => {
    await write('dist/renderer/index.html', 2000);
    await write(path, 3000);
    await touchFolders(1000);
    expect(await isPageStale(root)).toBe(true);
  },
);
