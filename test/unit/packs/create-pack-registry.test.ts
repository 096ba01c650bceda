import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import { EMBEDDED_PACKS_FOLDER } from '../../../main/packs/create-pack-registry.ts';
import type { PackRegistry } from '../../../main/packs/pack-registry.ts';
import { requireRole } from '../../../main/packs/require-role.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack, PACK_FILES } from './make-pack.ts';

interface Bench {
  readonly embedded: string;
  readonly user: string;
  /** A registry as after a new start of the studio. */
  readonly start: () => PackRegistry;
  readonly logged: string[];
}

function makeBench(): Bench {
  const folder = makeTemporaryFolder();
  const embedded = join(folder, 'embedded');
  const user = join(folder, 'user');
  const logged: string[] = [];
  const log = (message: string): number => logged.push(message);
  const start = () =>
    createPackRegistry({ embeddedFolder: embedded, userFolder: user, verifiedFile: join(folder, 'verified.json'), log });
  return { embedded, user, start, logged };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('packs of both folders are listed, embedded first, with what they can do', async () => {
  const { embedded, user, start } = makeBench();
  makePack(user, 'another');
  makePack(embedded, 'tiny');
  mkdirSync(join(embedded, 'no-pack'));
  const { packs, problems } = await start().listPacks();
  expect(packs.map(({ id, embedded: isEmbedded }) => [id, isEmbedded])).toEqual([
    ['tiny', true],
    ['another', false],
  ]);
  expect(packs[0]).toMatchObject({ lengths: [5, 75], roles: ['encoder'], licence: 'MIT', version: '1.0.0' });
  expect(packs[0]?.bytes).toBe(Object.values(PACK_FILES).join('').length);
  expect(problems).toEqual([]);
});

test('a pack is resolved to its folder, manifest and the sha256 of pack.json', async () => {
  const { embedded, start } = makeBench();
  const folder = makePack(embedded, 'tiny');
  const pack = await start().resolvePack('tiny');
  expect(pack).toMatchObject({ folder, embedded: true, manifest: { id: 'tiny' } });
  expect(pack.manifestSha256).toBe(sha256(readFileSync(join(folder, 'pack.json'), 'utf8')));
});

test('a pack copied in while the studio runs is found', async () => {
  const { user, start } = makeBench();
  const registry = start();
  await expect(registry.resolvePack('late')).rejects.toMatchObject({ code: 'pack-not-found' });
  makePack(user, 'late');
  expect((await registry.resolvePack('late')).manifest.id).toBe('late');
});

test('a manifest is parsed once, and again when other bytes lie there', async () => {
  const { user, start } = makeBench();
  makePack(user, 'tiny');
  const registry = start();
  const { manifest } = await registry.resolvePack('tiny');
  expect((await registry.resolvePack('tiny')).manifest).toBe(manifest);
  makePack(user, 'tiny', (one) => ({ ...one, version: '2.0.0' }));
  expect((await registry.resolvePack('tiny')).manifest.version).toBe('2.0.0');
});

test("of two packs with one id the user's is taken and the other named", async () => {
  const { embedded, user, start } = makeBench();
  makePack(embedded, 'tiny');
  makePack(user, 'tiny', (manifest) => ({ ...manifest, version: '2.0.0' }));
  const { packs, problems } = await start().listPacks();
  expect(packs.map(({ version }) => version)).toEqual(['2.0.0']);
  expect(problems).toEqual([{ folder: join(embedded, 'tiny'), message: expect.stringContaining('same id') as string }]);
});

test('a pack that does not exist is said so, with those that do', async () => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'tiny');
  makePack(embedded, 'large');
  await expect(start().resolvePack('huge')).rejects.toMatchObject({ code: 'pack-not-found', hint: 'There is: large, tiny.' });
});

test.each([
  ['not JSON', '{"schemaVersion": 1,', /cannot be read/],
  ['empty', '', /cannot be read/],
  ['another kind of file', '{"name":"left-pad"}', /schemaVersion: .*and \d+ more/],
])('a pack.json that is %s is named with the reason, and the others go on', async (_name, text, reason) => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'tiny');
  const folder = makePack(embedded, 'broken');
  writeFileSync(join(folder, 'pack.json'), text);
  const registry = start();
  const { packs, problems } = await registry.listPacks();
  expect(packs.map(({ id }) => id)).toEqual(['tiny']);
  expect(problems).toEqual([{ folder, message: expect.stringMatching(reason) as string }]);
  await expect(registry.resolvePack('broken')).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringMatching(reason) as string,
  });
});

test('a manifest that points out of its folder is refused', async () => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'sly', (manifest) => ({ ...manifest, files: [{ path: '../../secret', bytes: 1, sha256: sha256('x') }] }));
  await expect(start().resolvePack('sly')).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringContaining('files.0.path: a path inside the model') as string,
  });
});

test('a missing role is said so', async () => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'tiny');
  const pack = await start().resolvePack('tiny');
  expect(requireRole(pack, 'encoder').topK).toBe(5);
  expect(() => requireRole(pack, 'decoder')).toThrow(expect.objectContaining({ code: 'pack-role-missing' }));
});

test('verification hashes every file and names each that is wrong', async () => {
  const { embedded, start } = makeBench();
  const folder = makePack(embedded, 'tiny');
  const registry = start();
  expect(await registry.verifyPack('tiny')).toEqual({ id: 'tiny', ok: true, checked: 6, problems: [] });
  rmSync(join(folder, 'tokenizer/vocab.json'));
  writeFileSync(join(folder, 'encoder/pooler_5.onnx'), 'pooler fivE');
  writeFileSync(join(folder, 'encoder/pooler_75.onnx'), 'cut');
  expect(await registry.verifyPack('tiny')).toEqual({
    id: 'tiny',
    ok: false,
    checked: 6,
    problems: [
      { path: 'encoder/pooler_5.onnx', problem: 'sha256', expected: sha256('pooler five'), actual: sha256('pooler fivE') },
      { path: 'encoder/pooler_75.onnx', problem: 'size', expected: '19 bytes', actual: '3 bytes' },
      { path: 'tokenizer/vocab.json', problem: 'missing', expected: sha256('{}'), actual: 'no file' },
    ],
  });
});

test('a pack is hashed at its first use and not again, also after a new start, until it is verified', async () => {
  const { embedded, start, logged } = makeBench();
  const path = join(makePack(embedded, 'tiny'), 'encoder/pooler_5.onnx');
  // Same size and time, other bytes: only hashing can tell.
  utimesSync(path, 1_000_000, 1_000_000);
  const registry = start();
  await registry.openPack('tiny');
  writeFileSync(path, 'pooler fivE');
  utimesSync(path, 1_000_000, 1_000_000);
  await registry.openPack('tiny');
  await start().openPack('tiny');
  expect((await start().verifyPack('tiny')).problems).toMatchObject([{ path: 'encoder/pooler_5.onnx', problem: 'sha256' }]);
  await expect(start().openPack('tiny')).rejects.toMatchObject({ code: 'pack-file-altered' });
  expect(logged).toEqual([]);
});

test('progress counts bytes up to the whole, hashed or remembered', async () => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'tiny');
  const total = Object.values(PACK_FILES).join('').length;
  const registry = start();
  for (let use = 0; use < 2; use += 1) {
    const steps: number[] = [];
    await registry.openPack('tiny', { onProgress: (done, of) => steps.push(done, of) });
    const done = steps.filter((_, i) => i % 2 === 0);
    expect(done.at(-1)).toBe(total);
    expect(done.toSorted((a, b) => a - b)).toEqual(done);
    expect(new Set(steps.filter((_, i) => i % 2 === 1))).toEqual(new Set([total]));
  }
});

test.each([
  ['another size', 'pooler five and more', '11 bytes', '20 bytes'],
  ['the same size', 'pooler fivE', sha256('pooler five'), sha256('pooler fivE')],
])('a file altered to %s is refused by name with what differs, before and after the pack was trusted', async (...altered) => {
  const [, text, expected, actual] = altered;
  const { embedded, start } = makeBench();
  const folder = makePack(embedded, 'tiny');
  const registry = start();
  await registry.openPack('tiny');
  const path = join(folder, 'encoder/pooler_5.onnx');
  writeFileSync(path, text);
  const { atimeMs, mtimeMs } = statSync(path);
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000 + 5);
  for (const again of [registry, start()]) {
    await expect(again.openPack('tiny')).rejects.toMatchObject({
      code: 'pack-file-altered',
      message: expect.stringContaining('encoder/pooler_5.onnx') as string,
      details: { path: 'encoder/pooler_5.onnx', expected, actual },
    });
  }
  writeFileSync(path, 'pooler five');
  expect((await registry.openPack('tiny')).folder).toBe(folder);
});

test('a missing file is refused by name', async () => {
  const { embedded, start } = makeBench();
  const folder = makePack(embedded, 'tiny');
  rmSync(join(folder, 'LICENSE'));
  mkdirSync(join(folder, 'LICENSE'));
  rmSync(join(folder, 'encoder'), { recursive: true });
  await expect(start().openPack('tiny')).rejects.toMatchObject({
    code: 'pack-file-missing',
    message: 'The file encoder/backbone.onnx of the model tiny is missing. 3 more files are not right either.',
  });
});

test('a record of checks that is damaged or cannot be kept costs another hashing and no more', async () => {
  const { embedded, start, logged } = makeBench();
  makePack(embedded, 'tiny');
  await start().openPack('tiny');
  const file = join(embedded, '../verified.json');
  writeFileSync(file, '{"schemaVersion":1,"packs":[');
  await start().openPack('tiny');
  rmSync(file);
  mkdirSync(file);
  expect((await start().openPack('tiny')).manifest.id).toBe('tiny');
  expect(logged).toEqual([expect.stringContaining('could not be remembered')]);
});

test('a verification stops when asked', async () => {
  const { embedded, start } = makeBench();
  makePack(embedded, 'tiny');
  const abort = new AbortController();
  const verification = start().verifyPack('tiny', { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(verification).rejects.toMatchObject({ name: 'AbortError' });
});

test.skipIf(!existsSync(join(EMBEDDED_PACKS_FOLDER, 'tiny-scenes', 'pack.json')))('the embedded pack is whole', async () => {
  const registry = createPackRegistry({ userFolder: null, verifiedFile: null, log: () => undefined });
  const { packs, problems } = await registry.listPacks();
  expect(problems).toEqual([]);
  expect(packs).toContainEqual(
    expect.objectContaining({ id: 'tiny-scenes', embedded: true, roles: ['encoder', 'decoder', 'scorer'] }),
  );
  expect(await registry.verifyPack('tiny-scenes')).toMatchObject({ ok: true, problems: [] });
});

test('a small manifest is enough: what nobody has said of the pack stays unknown', async () => {
  const { user, start } = makeBench();
  makePack(user, 'small', ({ world, limits, samples, ...rest }) => {
    expect([world, limits, samples]).not.toContain(undefined);
    return rest;
  });
  const { manifest } = await start().resolvePack('small');
  expect([manifest.world, manifest.limits, manifest.samples]).toEqual([undefined, undefined, []]);
});
