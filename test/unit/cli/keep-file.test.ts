import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFile } from '../../../main/shell/cli/output/keep-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-keep-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const bytes = (text: string) => Buffer.from(text);

describe('keepFile', () => {
  it('numbers names that are taken by other bytes, and leaves the same bytes alone', async () => {
    expect(await keepFile(folder, 'fox', '.png', bytes('one'))).toBe(join(folder, 'fox.png'));
    expect(await keepFile(folder, 'fox', '.png', bytes('two'))).toBe(join(folder, 'fox-2.png'));
    expect(await keepFile(folder, 'fox', '.png', bytes('one'))).toBe(join(folder, 'fox.png'));
    expect(await keepFile(folder, 'fox', '.png', bytes('six'))).toBe(join(folder, 'fox-3.png'));
    expect((await readdir(folder)).sort()).toEqual(['fox-2.png', 'fox-3.png', 'fox.png']);
    expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('one');
  });

  it('goes around a folder of that name', async () => {
    await mkdir(join(folder, 'fox.png'));
    expect(await keepFile(folder, 'fox', '.png', bytes('one'))).toBe(join(folder, 'fox-2.png'));
  });

  it('gives every one of many writers a name of its own', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `picture ${index}`);
    const paths = await Promise.all(texts.map((text) => keepFile(folder, 'fox', '.png', bytes(text))));
    expect(new Set(paths).size).toBe(20);
    for (const [index, path] of paths.entries()) expect(await readFile(path, 'utf8')).toBe(texts[index]);
    expect(await readdir(folder)).toHaveLength(20);
  });

  it('leaves nothing behind when it fails', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(keepFile(join(folder, 'file'), 'fox', '.png', bytes('one'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(keepFile(join(folder, 'none'), 'fox', '.png', bytes('one'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).toEqual(['file']);
  });
});
