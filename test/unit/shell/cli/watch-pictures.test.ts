import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchPictures } from '../../../../main/shell/cli/input/watch-pictures.ts';

it('pictures of a watched folder come once each: those that are there, and those that come, once they are whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watched-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'first.png'), 'picture');
  await writeFile(join(folder, 'notes.txt'), 'none');
  const stop = new AbortController();
  const taken: string[] = [];
  await watchPictures([folder], { signal: stop.signal, everyMs: 5 }, async (path) => {
    taken.push(basename(path));
    if (taken.length === 1) {
      await writeFile(join(folder, 'second.png'), 'half');
      await appendFile(join(folder, 'second.png'), ' a picture');
    }
    if (taken.length === 2) await writeFile(join(folder, 'empty.png'), '');
    if (taken.length === 2) await writeFile(join(folder, 'third.png'), 'picture');
    if (taken.length === 3) stop.abort();
  });
  expect(taken).toEqual(['first.png', 'second.png', 'third.png']);
});
