import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../main/files/make-folder.ts';
import { renamePatiently, renamePatientlyNow } from '../../../main/files/rename-patiently.ts';
import { stageWhole, sweepStaged, writeWhole, writeWholeNow } from '../../../main/files/write-whole.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dediffusion-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Fails as Windows does while another program holds the target. */
function heldFor(tries: number, code: string) {
  let left = tries;
  return (): void => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error(`${code}: held`), { code });
  };
}

describe('renamePatiently', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('tries again while Windows holds the target (%s)', async (code) => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    writeFileSync(from, 'bytes');
    const held = heldFor(2, code);
    const way = { platform: 'win32' as const, waitsMs: [1, 1, 1] };
    await renamePatiently(from, to, { ...way, rename: async (a, b) => (held(), rename(a, b)) });
    expect(readFileSync(to, 'utf8')).toBe('bytes');
    const heldNow = heldFor(2, code);
    let done = 0;
    renamePatientlyNow(from, to, { ...way, rename: () => (heldNow(), (done += 1)) });
    expect(done).toBe(1);
  });

  it('gives up after its last pause, and at once where a right lacks', async () => {
    const windows = { platform: 'win32' as const, waitsMs: [1, 1] };
    const always = heldFor(Infinity, 'EBUSY');
    await expect(renamePatiently('a', 'b', { ...windows, rename: () => Promise.resolve().then(always) })).rejects.toThrow(
      'EBUSY',
    );
    let tries = 0;
    const refused = () => {
      tries += 1;
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(() => renamePatientlyNow('a', 'b', { platform: 'linux', waitsMs: [1, 1], rename: refused })).toThrow('EACCES');
    expect(tries).toBe(1);
  });
});

describe('writeWhole', () => {
  it('replaces a file, and leaves it and no rest where it cannot', async () => {
    const path = join(folder, 'a.json');
    await writeWhole(path, 'one');
    writeWholeNow(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    mkdirSync(join(folder, 'taken'));
    await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(() => writeWholeNow(join(folder, 'taken'), 'x')).toThrow('EISDIR');
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'taken']);
  });

  it('takes the longest names a file system takes', async () => {
    const path = join(folder, '絵'.repeat(85));
    await writeWhole(path, 'one');
    expect(existsSync(path)).toBe(true);
  });

  it('sweeps what a process that died had staged, and nothing of anybody else', async () => {
    await stageWhole(join(folder, 'boards.json'), 'half');
    await stageWhole(join(folder, '.fox'), 'half');
    for (const name of ['notes.tmp', 'a.1-2.tmp', 'settings.json']) writeFileSync(join(folder, name), '');
    sweepStaged(folder);
    expect(readdirSync(folder).sort()).toEqual(['a.1-2.tmp', 'notes.tmp', 'settings.json']);
    sweepStaged(join(folder, 'absent'));
  });
});

describe('makeFolder', () => {
  it('makes what lacks, and says what is in the way', () => {
    makeFolder(join(folder, 'a', 'b'), 'Choose another.');
    makeFolder(join(folder, 'a', 'b'), 'Choose another.');
    expect(existsSync(join(folder, 'a', 'b'))).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['file', 'file/below']) {
      expect(() => makeFolder(join(folder, path), 'Choose another.')).toThrow(
        expect.objectContaining({
          code: 'file-unwritable',
          hint: 'Choose another.',
          message: expect.stringContaining('is a file') as string,
        }),
      );
    }
  });

  // Node's own recursive way never ends there.
  it.runIf(process.platform === 'linux')('ends below a folder that makes none', () => {
    expect(() => makeFolder('/proc/dediffusion/studio', 'Choose another.')).toThrow(
      expect.objectContaining({ code: 'file-unwritable' }),
    );
  });
});
