import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { samplePicture } from './sample-items.ts';

const execute = promisify(execFile);
const SOURCE = join(import.meta.dirname, '../../fixtures/network-folder/network-folder.c');
const SCRIPT = join(import.meta.dirname, 'work-on-network-folder.ts');
const canStandIn = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;

/** What the script says in a folder whose disk lacks something. */
async function workOn(folder: string, lacks: Record<string, string>): Promise<unknown> {
  const env = { ...process.env, ...lacks, SHIM_DIR: folder, LD_PRELOAD: library };
  return JSON.parse((await execute(process.execPath, [SCRIPT, folder], { env })).stdout);
}

let standIn = '';
let library = '';
afterAll(() => rmSync(standIn, { recursive: true, force: true }));
beforeAll(() => {
  standIn = mkdtempSync(join(tmpdir(), 'dediffusion-shim-'));
  if (!canStandIn) return;
  library = join(standIn, 'network-folder.so');
  expect(spawnSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, SOURCE, '-ldl']).status).toBe(0);
});

// Without a C compiler there is nothing that stands in for a network disk, and these are skipped.
describe.runIf(canStandIn)('a data folder on a disk', () => {
  it('whose folders cannot be flushed (SMB, sshfs) works', async () => {
    const folder = makeTemporaryFolder();
    expect(await workOn(folder, { SHIM_DIRSYNC: '22' })).toEqual({ items: 1, jobs: 1, told: [] });
    expect(readdirSync(folder).filter((name) => /tmp|damaged|running|new/.test(name))).toEqual([]);
  });

  it('that lets no memory be shared (9p, WSL) works, with files of a disk that does as well', async () => {
    const folder = makeTemporaryFolder();
    expect(await workOn(folder, {})).toEqual({ items: 1, jobs: 1, told: [] });
    expect(await workOn(folder, { SHIM_MMAP: '19' })).toEqual({ items: 1, jobs: 2, told: [] });
    expect(readdirSync(folder).filter((name) => /tmp|damaged|running|new/.test(name))).toEqual([]);
  });

  it.each(['37', '95'])('without file locks (%s) is refused in one sentence, with the remedy', async (errno) => {
    const folder = makeTemporaryFolder();
    expect(await workOn(folder, { SHIM_LOCK: errno })).toEqual({
      code: 'file-unwritable',
      message: expect.stringContaining('has no file locks, so it cannot hold a library') as string,
      hint: expect.stringContaining('DEDIFFUSION_HOME') as string,
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

it('a folder that is gone while the library is open is told as a file that cannot be written', async () => {
  const folder = makeTemporaryFolder();
  const opened = openLibrary({ folder, clock: Date.now });
  for (const name of ['items', 'images']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    writeFileSync(join(folder, name), 'no folder');
    await expect(opened.addPicture(samplePicture(name))).rejects.toMatchObject({ code: 'file-unwritable' });
    rmSync(join(folder, name));
    await expect(opened.addPicture(samplePicture(name))).rejects.toMatchObject({ name: 'StudioError' });
    opened.countItems();
  }
  await opened.close();
});

// A folder that can be listed and that takes no file, whoever asks.
const takesNoFile = '/proc/sys/kernel/keys';

it.runIf(existsSync(takesNoFile))('bytes whose item cannot be kept do not lie on', async () => {
  const folder = makeTemporaryFolder();
  const opened = openLibrary({ folder, clock: Date.now });
  rmSync(join(folder, 'items'), { recursive: true });
  symlinkSync(takesNoFile, join(folder, 'items'));
  await expect(opened.addPicture(samplePicture('lost'))).rejects.toMatchObject({ name: 'StudioError' });
  const files = readdirSync(join(folder, 'images'), { recursive: true }).map((name) => join(folder, 'images', String(name)));
  expect(files.filter((path) => statSync(path).isFile())).toEqual([]);
  await opened.close();
});

const withFile = (folder: string): string => {
  writeFileSync(join(folder, 'file'), '');
  return join(folder, 'file');
};
const noFolders: readonly (readonly [name: string, place: (folder: string) => string])[] = [
  ['a file', withFile],
  ['below a file', (folder) => join(withFile(folder), 'data')],
  ...(process.platform === 'linux' ? [['below /proc', () => '/proc/dediffusion/data'] as const] : []),
];

it.each(noFolders)('a data folder that is %s ends at once, with the right hint', (_name, place) => {
  expect(() => openLibrary({ folder: place(makeTemporaryFolder()), clock: Date.now })).toThrow(
    expect.objectContaining({ code: 'file-unwritable', hint: expect.stringContaining('DEDIFFUSION_HOME') as string }),
  );
});
