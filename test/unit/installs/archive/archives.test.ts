import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../../main/installs/archive/open-archive.ts';
import { unpackBytes } from '../../../../main/installs/archive/unpack-file.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import { writeZip } from '../../../helpers/write-zip.ts';
import type { ZipEnd, ZippedFile } from '../../../helpers/write-zip.ts';
import { makeFolder } from '../../downloads/fetch-test-files.ts';
import { copyModel, filesOfFolder, openTestInstaller, toAnything } from '../open-test-installer.ts';

const streamed = fileURLToPath(new URL('../../../fixtures/archives/streamed.zip', import.meta.url));
const source = (path: string) => ({ type: 'folder', path }) as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function writeArchive(files: readonly ZippedFile[], end: ZipEnd = {}): Promise<string> {
  const path = join(await makeFolder(), 'Tiny_SD.zip');
  writeFileSync(path, writeZip(files, end));
  return path;
}

describe('an archive', () => {
  it.each([
    ['of a folder', 'tiny-sd/', false],
    ['of what a folder holds, with numbers of 64 bits', '', true],
  ])('%s becomes a model, and only what it is made of is unpacked', async (_name, front, isLarge) => {
    const { installer, packs, packsFolder } = await openTestInstaller();
    const model = filesOfFolder(await copyModel('tiny-stable-diffusion'), front);
    const unwanted = { name: `${front}model.safetensors`, content: bytes('torch') };
    const path = await writeArchive([...model, unwanted], { isLarge });
    const before = readFileSync(path);
    const plan = await installer.plan(source(path), {}, quietContext.signal);
    expect(plan).toMatchObject({ packId: 'tiny-sd', name: 'Tiny_SD', origin: null, files: model.length });
    expect(plan.bytes).toBe(model.reduce((sum, { content }) => sum + content.length, 0));
    const seen: number[] = [];
    const context = { ...quietContext, onProgress: ({ fraction }: { fraction: number }) => seen.push(fraction) };
    const { folder } = await installer.install(source(path), {}, toAnything('unknown'), context);
    const { manifest } = await packs.openPack('tiny-sd');
    expect(manifest.summary).toBe('Adopted from the archive Tiny_SD.zip.');
    expect(manifest.files.map((file) => file.path)).not.toContain('model.safetensors');
    expect(await readdir(folder)).not.toContain('.unpacked');
    expect(await readdir(join(packsFolder, '.incoming'))).toEqual([]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('of a model is checked file by file, and one that lacks a file says so', async () => {
    const made = await openTestInstaller();
    const folder = await copyModel('tiny-stable-diffusion');
    const whole = (await made.installer.install(source(folder), {}, toAnything('unknown'), quietContext)).folder;
    const files = filesOfFolder(whole, 'x/');
    const other = await openTestInstaller();
    const install = async (changed: readonly ZippedFile[]) =>
      other.installer.install(source(await writeArchive(changed)), { packId: 'copy' }, toAnything('unknown'), quietContext);
    await install(files);
    expect((await other.packs.verifyPack('copy')).ok).toBe(true);
    const altered = files.map((file) => (file.name === 'x/unet/model.onnx' ? { ...file, content: bytes('other') } : file));
    await expect(install(altered)).rejects.toMatchObject({ code: 'pack-file-altered' });
    const lacking = files.filter(({ name }) => name !== 'x/unet/model.onnx');
    await expect(install(lacking)).rejects.toMatchObject({ code: 'pack-file-missing', details: { file: 'unet/model.onnx' } });
    expect((await other.packs.verifyPack('copy')).ok).toBe(true);
  });

  it('that Python wrote as it went along is read: sizes behind the files, folders, and what a file manager left', async () => {
    const archive = await openArchive(streamed);
    expect(archive.files.map(({ path }) => path)).toEqual(['ünë.txt']);
    for (const file of archive.files)
      expect((await unpackBytes(archive, file, quietContext.signal)).toString()).toBe('words '.repeat(200));
    await archive.handle.close();
  });

  it('leaves no model when it is stopped', async () => {
    const { installer, packs } = await openTestInstaller();
    const path = await writeArchive(filesOfFolder(await copyModel('tiny-stable-diffusion'), ''));
    const stop = new AbortController();
    const context = { ...quietContext, signal: stop.signal, onProgress: () => stop.abort() };
    await expect(installer.install(source(path), {}, toAnything('unknown'), context)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect((await packs.listPacks()).packs).toEqual([]);
    await installer.install(source(path), {}, toAnything('unknown'), quietContext);
    expect((await packs.verifyPack('tiny-sd')).ok).toBe(true);
  });
});

const text = (name: string, changes: Partial<ZippedFile> = {}): ZippedFile => ({
  name,
  content: bytes(`of ${name}`),
  ...changes,
});
const zeros = (length: number): Uint8Array => new Uint8Array(length);

describe('an archive is refused before anything of it is written', () => {
  it.each<readonly [name: string, files: readonly ZippedFile[], end: ZipEnd]>([
    ['whose name leads up', [text('a/../../../out.txt')], {}],
    ['whose name begins at the root', [text('/out.txt')], {}],
    ['whose name has a drive', [text('C:/out.txt')], {}],
    ['whose name leads up as Windows writes it', [text('a\\..\\..\\out.txt')], {}],
    ['whose hidden name leads up', [text('../.out')], {}],
    ['whose folder leads up', [{ name: '../out/', content: bytes('') }, text('a')], {}],
    ['with a link', [text('link', { mode: 0o120777 })], {}],
    ['with a device', [text('device', { mode: 0o060644 })], {}],
    ['with an encrypted file', [text('a', { flags: 0x801 })], {}],
    ['that is packed otherwise', [text('a', { method: 12 })], {}],
    ['with a name twice', [text('a'), text('a')], {}],
    ['with names that are one on some systems', [text('unet/Model'), text('UNET/model')], {}],
    ['with a file that is a folder too', [text('unet'), text('unet/model')], {}],
    ['whose files lie within one another', [text('a', { content: zeros(5000), isStored: true }), text('b', { offset: 20 })], {}],
    ['with a file behind the list', [text('a', { offset: 1_000_000 })], {}],
    ['that fills a disk', [{ name: 'a', content: zeros(20_000_000) }], {}],
    ['that says it fills one', [text('a', { bytes: 3_000_000_000 })], {}],
    ['in parts', [text('a')], { disk: 1 }],
    ['with fewer files than it says', [text('a')], { entries: 3 }],
    ['with more files than a model has', [text('a')], { entries: 60_000 }],
  ])('one %s', async (_name, files, end) => {
    await expect(openArchive(await writeArchive(files, end))).rejects.toMatchObject({ code: 'pack-invalid' });
  });

  it('one that is cut off, at every tenth byte', async () => {
    const whole = writeZip([text('a'), text('b/c')]);
    const path = join(await makeFolder(), 'cut.zip');
    for (let end = 0; end < whole.length; end += 10) {
      writeFileSync(path, whole.subarray(0, end));
      await expect(openArchive(path), `${end} bytes`).rejects.toMatchObject({ code: 'pack-invalid' });
    }
  });

  it('one that is no archive at all, and one that is a folder', async () => {
    const { installer } = await openTestInstaller();
    const folder = await makeFolder();
    writeFileSync(join(folder, 'words.zip'), 'words');
    mkdirSync(join(folder, 'folder.zip'));
    const plan = (name: string) => installer.plan(source(join(folder, name)), {}, quietContext.signal);
    await expect(plan('words.zip')).rejects.toMatchObject({ code: 'pack-invalid' });
    await expect(plan('folder.zip')).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(plan('lacking.zip')).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe('what an archive says of a file is checked while it is unpacked', () => {
  it.each<readonly [string, Partial<ZippedFile>]>([
    ['more than it says', { content: zeros(9_000_000), bytes: 1000 }],
    ['less than it says', { bytes: 30 }],
    ['something else', { crc32: 7 }],
    ['two things', { otherName: 'c' }],
  ])('a file that is %s', async (_name, changes) => {
    const { installer, packs, packsFolder } = await openTestInstaller();
    const model = filesOfFolder(await copyModel('tiny-stable-diffusion'), '');
    const changed = model.map((file) => (file.name === 'unet/model.onnx' ? { ...file, ...changes } : file));
    const path = await writeArchive(changed);
    const install = installer.install(source(path), {}, toAnything('unknown'), quietContext);
    await expect(install).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringContaining(basename(path)) as string,
    });
    expect((await packs.listPacks()).packs).toEqual([]);
    const written = join(packsFolder, '.incoming', 'tiny-sd', '.unpacked', 'unet', 'model.onnx');
    if (existsSync(written)) expect(readFileSync(written).length).toBeLessThanOrEqual(1_100_000);
  });
});
