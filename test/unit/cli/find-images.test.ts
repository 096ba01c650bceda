import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findImages } from '../../../main/shell/cli/input/find-images.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-find-'));
  await mkdir(join(folder, 'deep', 'deeper'), { recursive: true });
  await mkdir(join(folder, 'bare'));
  const names = ['b2.PNG', 'b10.jpg', 'a.webp', 'notes.txt', '[x].png', 'deep/c.avif', 'deep/deeper/d.tiff'];
  for (const name of names) await writeFile(join(folder, name), '');
  for (const kind of ['holiday [2024]', 'iphone', 'mac']) await mkdir(join(folder, kind));
  const more = [
    'holiday [2024]/sea.jfif',
    'iphone/IMG_1.HEIC',
    'iphone/IMG_2.heic',
    'iphone/scan.dng',
    'mac/._a.png',
    'mac/a.jpe',
  ];
  for (const name of more) await writeFile(join(folder, name), '');
  await symlink(join(folder, 'a.webp'), join(folder, 'mac', 'linked.webp'));
  await symlink(join(folder, 'nothing.png'), join(folder, 'mac', 'dangling.png'));
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

  it('passes over hidden neighbours and links to nothing, and takes every ending and link of a picture', async () => {
    expect((await find('mac')).paths).toEqual(['mac/a.jpe', 'mac/linked.webp']);
    expect((await find('mac/*')).paths).toEqual(['mac/a.jpe', 'mac/linked.webp']);
  });

  it('takes brackets in a pattern as they are written where they are no set of letters', async () => {
    expect((await find('holiday [2024]/*.jfif')).paths).toEqual(['holiday [2024]/sea.jfif']);
    expect((await find('[ab]*.{PNG,webp}')).paths).toEqual(['a.webp', 'b2.PNG']);
  });

  it('says by name what a folder holds that the studio does not open', async () => {
    const { errors } = await find('iphone');
    expect(errors).toMatchObject([{ code: 'image-unsupported', message: expect.stringContaining('only HEIC, DNG') as string }]);
  });
});
