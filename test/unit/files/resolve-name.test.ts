import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPictures } from '../../../main/files/list-pictures.ts';
import { openRegularFile } from '../../../main/files/open-regular-file.ts';
import { resolveName } from '../../../main/files/resolve-name.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dediffusion-names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A name as an old archive has it, in Latin-1. */
const latin = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);

// File systems of macOS and Windows have no such names.
describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  it('are found by how they read, in folders of such names too', async () => {
    mkdirSync(latin('été'));
    writeFileSync(latin('été/forêt.png'), 'trees');
    const { paths } = await listPictures(join(folder, '\uFFFDt\uFFFD'), { deep: false });
    expect(paths).toHaveLength(1);
    expect(await readFile(await resolveName(paths[0] ?? ''), 'utf8')).toBe('trees');
    expect((await listPictures(folder, { deep: true })).paths).toEqual(paths);
  });

  it('are refused in words where two of them read the same', async () => {
    for (const name of ['forêt.png', 'forét.png']) writeFileSync(latin(name), 'trees');
    const opening = openRegularFile(join(folder, 'for\uFFFDt.png'), { maximumBytes: 1000 });
    await expect(opening).rejects.toMatchObject({ code: 'file-unreadable', hint: expect.stringContaining('UTF-8') as string });
  });

  it('leave a path as it is that names nothing, or a file with that very sign in its name', async () => {
    expect(await resolveName(join(folder, 'a\uFFFD.png'))).toBe(join(folder, 'a\uFFFD.png'));
    writeFileSync(join(folder, 'a\uFFFD.png'), 'x');
    expect(await resolveName(join(folder, 'a\uFFFD.png'))).toBe(join(folder, 'a\uFFFD.png'));
  });
});
