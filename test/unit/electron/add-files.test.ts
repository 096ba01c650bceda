import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addFiles } from '../../../main/shell/electron/window/add-files.ts';
import { openCoreOverSocket } from './core-over-socket.ts';
import type { CoreOverSocket } from './core-over-socket.ts';

let host: CoreOverSocket;
let picture: Buffer;
beforeAll(async () => {
  host = await openCoreOverSocket();
  picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
});
afterAll(() => host.close());

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'add-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: Buffer | string = picture) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test('adds each file under its own name, and a bad one does not stop the others', async () => {
  const added = await addFiles(
    [write('Füchse & Eulen.png'), write('notes.png', 'no picture'), join(folder, 'gone.png'), write('owl.png')],
    host.ask,
  );
  expect(added.map(({ name, item, error }) => [name, item?.title ?? null, error?.code ?? null])).toEqual([
    ['Füchse & Eulen.png', 'Füchse & Eulen.png', null],
    ['notes.png', null, 'image-unreadable'],
    ['gone.png', null, 'file-unreadable'],
    // The same bytes are the same item, under its first name.
    ['owl.png', 'Füchse & Eulen.png', null],
  ]);
});

test('takes the pictures of a folder and its folders, in order, without hidden files', async () => {
  mkdirSync(join(folder, 'more'));
  for (const name of ['b.PNG', 'a.jpeg', '.hidden.png', 'readme.txt', 'more/c.webp']) write(name);
  expect((await addFiles([folder], host.ask)).map(({ name }) => name)).toEqual(['a.jpeg', 'b.PNG', 'c.webp']);
});

test('a core that is gone is told for each file', async () => {
  const added = await addFiles([write('a.png')], () => Promise.resolve(Response.error()));
  expect(added).toMatchObject([{ item: null, error: { code: 'file-unreadable' } }]);
});

test.skipIf(process.platform === 'win32')('a pipe and a device are refused at once, and the next file is added', async () => {
  execFileSync('mkfifo', [join(folder, 'x.png')]);
  const added = await addFiles([join(folder, 'x.png'), '/dev/zero', write('a.png')], host.ask);
  expect(added.map(({ error }) => error?.message ?? null)).toEqual([
    'x.png is not a regular file.',
    'zero is not a regular file.',
    null,
  ]);
});
