import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PictureFiles } from '../../../main/shell/electron/window/picture-files.ts';
import { openCoreOverSocket } from './core-over-socket.ts';
import type { CoreOverSocket } from './core-over-socket.ts';

let host: CoreOverSocket;
let pictures: PictureFiles;
let folder: string;
let bytes: Buffer;
let sha256: string;

beforeAll(async () => {
  host = await openCoreOverSocket();
  bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();
  sha256 = (await host.core.addImage(bytes, { title: 'teal' })).image.sha256;
});
afterAll(() => host.close());
beforeEach(async () => {
  pictures = new PictureFiles(host.ask);
  folder = await mkdtemp(join(tmpdir(), 'picture-files-'));
});
afterEach(async () => {
  await pictures.close();
  await rm(folder, { recursive: true, force: true });
});

const neverKept = 'b'.repeat(64);

test('hands out a stored picture as a file with its title, and takes it back at the end', async () => {
  const path = await pictures.borrow({ sha256, title: 'A/fox: "red".png' });
  expect(path.endsWith('A fox red.jpg')).toBe(true);
  expect(await readFile(path)).toEqual(bytes);
  expect(await pictures.borrow({ sha256, title: 'A/fox: "red".png' })).toBe(path);
  await pictures.close();
  expect(existsSync(path)).toBe(false);
});

test('a picture the library does not have is told as the library tells it', async () => {
  await expect(pictures.read(neverKept)).rejects.toMatchObject({ code: 'not-found' });
});

test('a file that cannot be written leaves the older one and no rest', async () => {
  const path = join(folder, 'old.png');
  await writeFile(path, 'older');
  await pictures.write(path, 'newer');
  expect(await readFile(path, 'utf8')).toBe('newer');
  await expect(pictures.write(join(folder, 'absent', 'a.png'), 'x')).rejects.toMatchObject({ code: 'file-unwritable' });
  await mkdir(join(folder, 'taken'));
  await expect(pictures.write(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'file-unwritable' });
  expect((await readdir(folder)).sort()).toEqual(['old.png', 'taken']);
});

describe('several pictures in one folder', () => {
  test('each gets a name that nothing there has, however long its title', async () => {
    const title = 'a fox '.repeat(30);
    await writeFile(join(folder, 'fox.jpg'), 'someone else’s');
    const names = [
      await pictures.keep(folder, { sha256, title: 'fox' }),
      await pictures.keep(folder, { sha256, title: 'fox' }),
      await pictures.keep(folder, { sha256, title }),
      await pictures.keep(folder, { sha256, title }),
    ];
    expect(names.slice(0, 2)).toEqual(['fox 2.jpg', 'fox 3.jpg']);
    expect(new Set(names).size).toBe(4);
    expect((await readdir(folder)).sort()).toEqual(['fox.jpg', ...names].sort());
    expect(await readFile(join(folder, 'fox.jpg'), 'utf8')).toBe('someone else’s');
    for (const name of names) expect(await readFile(join(folder, name))).toEqual(bytes);
  });

  test('one that is gone from the library leaves no file, and neither does a folder that is gone', async () => {
    await expect(pictures.keep(folder, { sha256: neverKept, title: 'fox' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await readdir(folder)).toEqual([]);
    const gone = join(folder, 'gone');
    await expect(pictures.keep(gone, { sha256, title: 'fox' })).rejects.toMatchObject({ code: 'file-unwritable' });
  });
});
