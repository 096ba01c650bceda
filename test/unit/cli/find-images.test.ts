import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findImages } from '../../../main/shell/cli/find-images.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-find-'));
  await mkdir(join(folder, 'deep', 'deeper'), { recursive: true });
  await mkdir(join(folder, 'bare'));
  const names = ['b2.PNG', 'b10.jpg', 'a.webp', 'notes.txt', '[x].png', 'deep/c.avif', 'deep/deeper/d.tiff'];
  for (const name of names) await writeFile(join(folder, name), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const find = async (...names: string[]) => {
  const { paths, errors } = await findImages(names.map((name) => join(folder, name)));
  return { paths: paths.map((path) => path.slice(folder.length + 1)), errors };
};

describe('findImages', () => {
  it('takes the pictures directly in a folder, in counting order', async () => {
    expect((await find('.')).paths).toEqual(['[x].png', 'a.webp', 'b2.PNG', 'b10.jpg']);
  });

  it('expands patterns, deep ones too, and leaves folders out', async () => {
    expect((await find('b*')).paths).toEqual(['b2.PNG', 'b10.jpg']);
    expect((await find('**/*.{avif,tiff}')).paths).toEqual(['deep/c.avif', 'deep/deeper/d.tiff']);
  });

  it('takes a file that is named whatever its name, and a name that looks like a pattern as the file it is', async () => {
    expect((await find('notes.txt', '[x].png', 'missing.png')).paths).toEqual(['notes.txt', '[x].png', 'missing.png']);
  });

  it('names each file once', async () => {
    expect((await find('a.webp', 'a*', './a.webp')).paths).toEqual(['a.webp']);
  });

  it('reports folders and patterns without a picture', async () => {
    const { paths, errors } = await find('bare', 'z*');
    expect(paths).toEqual([]);
    expect(errors).toMatchObject([{ code: 'not-found' }, { code: 'not-found' }]);
  });
});
