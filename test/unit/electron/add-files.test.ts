import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addFiles } from '../../../main/shell/electron/add-files.ts';
import { PictureFiles } from '../../../main/shell/electron/picture-files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'add-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Answers like the core: everything is a picture except files that say they are not. */
async function core(request: Request): Promise<Response> {
  const bytes = await request.text();
  if (bytes === 'no picture') {
    return Response.json(
      { code: 'image-unreadable', message: 'No picture.', hint: 'Open it elsewhere.', details: {} },
      { status: 422 },
    );
  }
  const title = decodeURIComponent(request.headers.get('x-title') ?? '');
  const image = { sha256: 'a'.repeat(64), bytes: bytes.length, width: 1, height: 1, mediaType: 'image/png', thumbhash: '' };
  return Response.json({ id: 'i1', createdMs: 1, title, starred: false, trashed: false, parents: [], kind: 'picture', image });
}

const write = (name: string, content = 'picture') => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test('adds each file under its own name, and a bad one does not stop the others', async () => {
  const added = await addFiles(
    [write('Füchse & Eulen.png'), write('notes.png', 'no picture'), join(folder, 'gone.png'), write('owl.jpg')],
    core,
  );
  expect(added.map(({ name, item, error }) => [name, item?.title ?? null, error?.code ?? null])).toEqual([
    ['Füchse & Eulen.png', 'Füchse & Eulen.png', null],
    ['notes.png', null, 'image-unreadable'],
    ['gone.png', null, 'file-unreadable'],
    ['owl.jpg', 'owl.jpg', null],
  ]);
});

test('takes the pictures of a folder and its folders, in order, without hidden files', async () => {
  mkdirSync(join(folder, 'more'));
  for (const name of ['b.PNG', 'a.jpeg', '.hidden.png', 'readme.txt', 'more/c.webp']) write(name);
  expect((await addFiles([folder], core)).map(({ name }) => name)).toEqual(['a.jpeg', 'b.PNG', 'c.webp']);
});

test('a core that is gone is told for each file', async () => {
  const added = await addFiles([write('a.png')], () => Promise.resolve(Response.error()));
  expect(added).toMatchObject([{ item: null, error: { code: 'file-unreadable' } }]);
});

const stored = (bytes: string) => () => Promise.resolve(new Response(bytes, { headers: { 'content-type': 'image/jpeg' } }));

test('hands out a stored picture as a file with its title, and takes it back at the end', async () => {
  const pictures = new PictureFiles(stored('jpeg bytes'));
  const { readFileSync, existsSync } = await import('node:fs');
  const path = await pictures.borrow({ sha256: 'b'.repeat(64), title: 'A/fox: "red".png' });
  expect(path.endsWith('A fox red.jpg')).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('jpeg bytes');
  expect(await pictures.borrow({ sha256: 'b'.repeat(64), title: 'A/fox: "red".png' })).toBe(path);
  await pictures.close();
  expect(existsSync(path)).toBe(false);
});

test('a picture the library does not have is told as the library tells it', async () => {
  const missing = { code: 'not-found', message: 'This picture does not exist.', hint: 'Reload.', details: {} };
  const pictures = new PictureFiles(() => Promise.resolve(Response.json(missing, { status: 404 })));
  await expect(pictures.read('b'.repeat(64))).rejects.toMatchObject({ code: 'not-found', hint: 'Reload.' });
});

test('a file that cannot be written leaves the older one and no rest', async () => {
  const { readFileSync, readdirSync } = await import('node:fs');
  const pictures = new PictureFiles(stored(''));
  const path = write('old.png', 'older');
  await pictures.write(path, 'newer');
  expect(readFileSync(path, 'utf8')).toBe('newer');
  await expect(pictures.write(join(folder, 'absent', 'a.png'), 'x')).rejects.toMatchObject({ code: 'file-unwritable' });
  mkdirSync(join(folder, 'taken'));
  await expect(pictures.write(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'file-unwritable' });
  expect(readdirSync(folder).sort()).toEqual(['old.png', 'taken']);
  chmodSync(folder, 0o700);
});
