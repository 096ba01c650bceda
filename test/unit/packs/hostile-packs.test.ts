import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packLimits } from '../../../contract/models/pack-limits.ts';
import type { PackManifest } from '../../../contract/models/pack.ts';
import { findSample } from '../../../main/answers/find-sample.ts';
import { createPackRegistry } from '../../../main/packs/create-pack-registry.ts';
import type { PackRegistry } from '../../../main/packs/pack-registry.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { makePack } from './make-pack.ts';

// Pipes, links that need no rights, and /dev are POSIX's.
const onPosix = test.skipIf(process.platform === 'win32');

/** A registry of one sound pack, `tiny`, and beside it the one `make` writes into the folder of packs. */
function registryWith(make: (packs: string) => string): { readonly registry: PackRegistry; readonly folder: string } {
  const packs = makeTemporaryFolder();
  makePack(packs, 'tiny');
  const folder = make(packs);
  return {
    registry: createPackRegistry({ embeddedFolder: packs, userFolder: null, verifiedFile: null, log: () => undefined }),
    folder,
  };
}

function makeLinkToPipe(path: string): void {
  execFileSync('mkfifo', [`${path}.pipe`]);
  symlinkSync(`${path}.pipe`, path);
}

type Change = (manifest: PackManifest) => object;

function changeEncoder(change: object): Change {
  return (manifest) => ({ ...manifest, roles: { encoder: { ...manifest.roles.encoder, ...change } } });
}

test.each<readonly [string, Change]>([
  ['a length that is no number', changeEncoder({ heads: { '9007199254740993': { file: 'encoder/pooler_5.onnx' } } })],
  ['no length at all', changeEncoder({ heads: {} })],
  ['a grid of 3,000 × 3,000', changeEncoder({ patchGrid: { rows: 3000, columns: 3000 } })],
  ['a grid of 1e9 × 1e9', changeEncoder({ patchGrid: { rows: 1e9, columns: 1e9 } })],
  ['too many candidates', changeEncoder({ topK: packLimits.candidates + 1 })],
  [
    'a kind of picture told from a length it has no head for',
    changeEncoder({ inside: { file: 'encoder/backbone.onnx', head: 15, threshold: 0.5 } }),
  ],
  ['a backbone that is not among its files', changeEncoder({ backbone: { file: 'encoder/elsewhere.onnx' } })],
  ['a tokenizer that holds none of its files', changeEncoder({ tokenizer: 'encoder/none' })],
  ['a sample that is not among its files', (manifest) => ({ ...manifest, samples: [{ file: 'a.png', title: '' }] })],
  ['a licence that is not among its files', (manifest) => ({ ...manifest, licence: { ...manifest.licence, file: 'COPYING' } })],
  ['a file twice', (manifest) => ({ ...manifest, files: [...manifest.files, ...manifest.files] })],
  ['a file on another drive', (manifest) => ({ ...manifest, files: [...manifest.files, { ...manifest.files[0], path: 'C:x' }] })],
])('a pack with %s is named as unusable, and the others are listed', async (_name, change) => {
  const { registry, folder } = registryWith((packs) => makePack(packs, 'hostile', change));
  const { packs, problems } = await registry.listPacks();
  expect(packs.map(({ id }) => id)).toEqual(['tiny']);
  expect(problems).toMatchObject([{ folder }]);
  await expect(registry.resolvePack('hostile')).rejects.toMatchObject({ code: 'pack-invalid' });
});

test('a head that the encoder lacks is named beside those it has', async () => {
  const inside = { file: 'encoder/backbone.onnx', head: 15, threshold: 0.5 };
  const { registry } = registryWith((packs) => makePack(packs, 'hostile', changeEncoder({ inside })));
  await expect(registry.openPack('hostile')).rejects.toMatchObject({
    message: expect.stringContaining(
      'roles.encoder.inside.head: 15 is none of the lengths the encoder has a head for (5, 75)',
    ) as string,
  });
});

onPosix.each<readonly [string, (path: string) => void]>([
  ['a named pipe', (path) => execFileSync('mkfifo', [path])],
  ['a link to what never ends', (path) => symlinkSync('/dev/zero', path)],
  ['a link to a pipe', makeLinkToPipe],
  ['larger than any manifest', (path) => writeFileSync(path, Buffer.alloc(packLimits.manifestBytes + 1, ' '))],
])('a pack.json that is %s holds nobody up', async (_name, place) => {
  const { registry } = registryWith((packs) => {
    const folder = makePack(packs, 'hostile');
    rmSync(join(folder, 'pack.json'));
    place(join(folder, 'pack.json'));
    return folder;
  });
  for (let asked = 0; asked < 5; asked += 1) {
    const { packs, problems } = await registry.listPacks();
    expect([packs.length, problems.length]).toEqual([1, 1]);
  }
  await expect(registry.openPack('tiny')).resolves.toMatchObject({ manifest: { id: 'tiny' } });
});

onPosix.each<readonly [string, string, string, (folder: string) => void]>([
  [
    'a file that it does not name',
    'encoder/extra.data',
    'unlisted',
    (folder) => writeFileSync(join(folder, 'encoder/extra.data'), 'x'),
  ],
  [
    'a pipe that it does not name',
    'tokenizer/merges.txt',
    'irregular',
    (folder) => execFileSync('mkfifo', [join(folder, 'tokenizer/merges.txt')]),
  ],
  [
    'a link in place of a file, to the same bytes',
    'encoder/pooler_5.onnx',
    'irregular',
    (folder) => {
      renameSync(join(folder, 'encoder/pooler_5.onnx'), join(folder, '../aside'));
      symlinkSync(join(folder, '../aside'), join(folder, 'encoder/pooler_5.onnx'));
    },
  ],
  [
    'a link in place of a folder, to the same files',
    'tokenizer/vocab.json',
    'irregular',
    (folder) => {
      renameSync(join(folder, 'tokenizer'), join(folder, '../aside'));
      symlinkSync(join(folder, '../aside'), join(folder, 'tokenizer'));
    },
  ],
])('a pack with %s is refused and found by a check', async (_name, path, problem, spoil) => {
  const { registry, folder } = registryWith((packs) => makePack(packs, 'hostile'));
  await registry.openPack('hostile');
  spoil(folder);
  await expect(registry.openPack('hostile')).rejects.toMatchObject({ code: 'pack-file-altered' });
  const found = await registry.verifyPack('hostile');
  expect(found.ok).toBe(false);
  expect(found.problems).toContainEqual(expect.objectContaining({ path, problem }));
});

test('what file managers leave in a folder is none of the pack', async () => {
  const { registry, folder } = registryWith((packs) => makePack(packs, 'shown'));
  for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini']) writeFileSync(join(folder, 'encoder', name), 'x');
  await expect(registry.openPack('shown')).resolves.toMatchObject({ folder });
});

test('weights that a graph keeps in a file beside it are part of the pack or it is refused', async () => {
  // A model of one tensor whose data lies in `.weights`: fields graph, initializer, external data, key and value of onnx.proto.
  const field = (number: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
  const entry = field(13, Buffer.concat([field(1, Buffer.from('location')), field(2, Buffer.from('.weights'))]));
  const graph = field(7, field(5, entry));
  const { registry, folder } = registryWith((packs) =>
    makePack(packs, 'split', (manifest) => ({
      ...manifest,
      files: manifest.files.map((file) =>
        file.path === 'encoder/pooler_5.onnx'
          ? { ...file, bytes: graph.length, sha256: createHash('sha256').update(graph).digest('hex') }
          : file,
      ),
    })),
  );
  writeFileSync(join(folder, 'encoder/pooler_5.onnx'), graph);
  writeFileSync(join(folder, 'encoder/.weights'), 'anything');
  await expect(registry.openPack('split')).rejects.toMatchObject({
    code: 'pack-file-altered',
    details: { path: 'encoder/.weights' },
  });
});

onPosix('a sample that is a link, or lies behind one, is handed to nobody', async () => {
  const secret = 'root:x:0:0';
  const { registry, folder } = registryWith((packs) =>
    makePack(packs, 'sly', (manifest) => ({
      ...manifest,
      samples: [
        { file: 'samples/a.png', title: 'a' },
        { file: 'behind/passwd', title: 'b' },
      ],
      files: [
        ...manifest.files,
        ...['samples/a.png', 'behind/passwd'].map((path) => ({
          path,
          bytes: secret.length,
          sha256: createHash('sha256').update(secret).digest('hex'),
        })),
      ],
    })),
  );
  const outside = join(folder, '../outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'passwd'), secret);
  mkdirSync(join(folder, 'samples'));
  symlinkSync(join(outside, 'passwd'), join(folder, 'samples/a.png'));
  symlinkSync(outside, join(folder, 'behind'));
  for (const file of ['samples/a.png', 'behind/passwd'])
    await expect(findSample(registry, 'sly', file)).rejects.toMatchObject({ code: 'pack-file-missing' });
  rmSync(join(folder, 'samples/a.png'));
  writeFileSync(join(folder, 'samples/a.png'), secret);
  await expect(findSample(registry, 'sly', 'a.png')).resolves.toMatchObject({ bytes: secret.length, title: 'a' });
  appendFileSync(join(folder, 'samples/a.png'), 'more');
  await expect(findSample(registry, 'sly', 'a.png')).rejects.toMatchObject({ code: 'pack-file-altered' });
});
