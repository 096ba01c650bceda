import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { movePack, removePack } from '../../../main/installs/keep-packs.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { hubServer } from '../../helpers/hub-server.ts';
import { makeFolder } from '../downloads/fetch-test-files.ts';
import { serveHttp } from '../network/local-servers.ts';
import { copyModel, makeScorerRepository, openTestInstaller, toAnything, toRepository } from './open-test-installer.ts';

const sessions = fileURLToPath(new URL('../../fixtures/models/session/', import.meta.url));
const folderSource = (path: string) => ({ type: 'folder', path }) as const;
const hubSource = (repository: string) => ({ type: 'hub', repository, revision: 'main' }) as const;

/** Puts a graph with external data in the place of the encoder. */
function addExternalData(folder: string): void {
  copyFileSync(join(sessions, 'external-data.onnx'), join(folder, 'vae_encoder', 'model.onnx'));
  for (const name of ['external-data.onnx.data', 'second_weight', 'third_weight'])
    copyFileSync(join(sessions, name), join(folder, 'vae_encoder', name));
}

describe('a folder', () => {
  it.each([
    ['tiny-stable-diffusion', 'ddim'],
    ['tiny-sdxl', 'euler'],
    ['tiny-sd3', 'flow-match-euler'],
    ['tiny-flux', 'flow-match-euler'],
  ])('%s becomes a pack that draws', async (name, scheduler) => {
    const { installer, packs } = await openTestInstaller();
    const folder = await copyModel(name);
    writeFileSync(join(folder, 'model.safetensors'), 'torch');
    const { packId, notes } = await installer.install(folderSource(folder), {}, toAnything('unknown'), quietContext);
    expect(packId).toBe(name);
    const { manifest } = await packs.openPack(packId);
    expect(manifest.roles.decoder?.defaults.scheduler).toMatch(new RegExp(`^${scheduler}`));
    expect(manifest.files.map(({ path }) => path)).not.toContain('model.safetensors');
    // What could not be known is said.
    expect(manifest.licence).toMatchObject({ spdx: 'unknown', file: 'LICENCE-NOTE.txt' });
    expect(notes.join(' ')).toContain('licence');
    expect(notes.join(' ')).toContain('steps');
    // The folder stays as it was.
    expect(await readdir(folder)).not.toContain('pack.json');
  });

  it.each([
    ['taesd-onnx', null, 'stable-diffusion-1'],
    ['taesdxl', null, 'stable-diffusion-xl'],
    ['mine', 'madebyollin/taesdxl', 'stable-diffusion-xl'],
    ['taesd3', null, 'stable-diffusion-3'],
    ['taef1', null, 'flux'],
  ])('with an autoencoder alone shows the drawings of a family: %s of %s', async (name, origin, family) => {
    const { installer, packs } = await openTestInstaller();
    const folder = join(await makeFolder(), name);
    mkdirSync(join(folder, 'vae_decoder'), { recursive: true });
    copyFileSync(join(sessions, 'double.onnx'), join(folder, 'vae_decoder', 'model.onnx'));
    const config = origin === null ? {} : { _name_or_path: origin };
    writeFileSync(join(folder, 'vae_decoder', 'config.json'), JSON.stringify(config));
    const { packId, notes } = await installer.install(folderSource(folder), {}, toAnything('unknown'), quietContext);
    expect((await packs.openPack(packId)).manifest.roles).toEqual({ previewer: { graph: 'vae_decoder/model.onnx', family } });
    expect((await packs.listPacks()).packs[0]?.roles).toEqual(['previewer']);
    // What could not be known is said.
    expect(notes.join(' ')).toContain('by its name');
  });

  it('in the layout of transformers.js becomes a pack that compares, with what its configs say', async () => {
    const { installer, packs } = await openTestInstaller();
    const folder = await makeScorerRepository();
    const preprocessor = {
      size: { shortest_edge: 32 },
      crop_size: { height: 32, width: 32 },
      do_center_crop: true,
      resample: 2,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    };
    writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
    writeFileSync(join(folder, 'README.md'), '---\nlicense: apache-2.0\ntags: [x]\n---\n# Tiny\n');
    const { packId } = await installer.install(folderSource(folder), { name: 'Tiny' }, toAnything('unknown'), quietContext);
    expect(packId).toBe('tiny-clip');
    expect((await packs.openPack(packId)).manifest).toMatchObject({
      name: 'Tiny',
      licence: { spdx: 'apache-2.0', file: 'README.md' },
      roles: {
        scorer: {
          vision: 'onnx/vision_model.onnx',
          text: 'onnx/text_model.onnx',
          tokenizer: '.',
          image: { width: 32, height: 32, mean: [0.5, 0.5, 0.5], resample: 'bilinear', fit: 'crop' },
        },
      },
    });
  });

  it('that asks for more than a pack may have is told as such', async () => {
    const { installer, packs } = await openTestInstaller();
    const folder = await makeScorerRepository();
    writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify({ size: 1_000_000_000, do_center_crop: false }));
    const hostile = installer.install(folderSource(folder), {}, toAnything('unknown'), quietContext);
    await expect(hostile).rejects.toMatchObject({ code: 'pack-invalid' });
    expect((await packs.listPacks()).packs).toEqual([]);
  });

  it('that is a pack is checked file by file', async () => {
    const { installer, packs } = await openTestInstaller();
    const first = await installer.install(
      folderSource(await copyModel('tiny-stable-diffusion')),
      {},
      toAnything('unknown'),
      quietContext,
    );
    const other = await openTestInstaller();
    const copied = await other.installer.install(
      folderSource(first.folder),
      { packId: 'copy' },
      toAnything('unknown'),
      quietContext,
    );
    expect((await other.packs.verifyPack('copy')).ok).toBe(true);
    expect(copied.packId).toBe('copy');
    rmSync(join(first.folder, 'unet', 'model.onnx'));
    writeFileSync(join(first.folder, 'unet', 'model.onnx'), 'other');
    const third = await openTestInstaller();
    await expect(
      third.installer.install(folderSource(first.folder), {}, toAnything('unknown'), quietContext),
    ).rejects.toMatchObject({
      code: 'pack-file-altered',
    });
    expect((await third.packs.listPacks()).packs).toEqual([]);
    expect((await packs.listPacks()).packs).toHaveLength(1);
  });

  it('takes the data its graphs name, and refuses what lies outside or is not there', async () => {
    const { installer, packs } = await openTestInstaller();
    const folder = await copyModel('tiny-stable-diffusion');
    addExternalData(folder);
    await installer.install(folderSource(folder), { packId: 'whole' }, toAnything('unknown'), quietContext);
    const paths = (await packs.openPack('whole')).manifest.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['vae_encoder/external-data.onnx.data', 'vae_encoder/second_weight']));
    rmSync(join(folder, 'vae_encoder', 'second_weight'));
    const lacking = installer.install(folderSource(folder), { packId: 'lacking' }, toAnything('unknown'), quietContext);
    await expect(lacking).rejects.toMatchObject({ code: 'file-unreadable' });
    const graph = join(folder, 'vae_encoder', 'model.onnx');
    const bytes = readFileSync(graph).toString('latin1').replace('second_weight', '../../../../x');
    writeFileSync(graph, Buffer.from(bytes, 'latin1'));
    const hostile = installer.install(folderSource(folder), { packId: 'hostile' }, toAnything('unknown'), quietContext);
    await expect(hostile).rejects.toMatchObject({ code: 'pack-invalid' });
  });

  it('is taken without its links', async () => {
    const { installer, packs } = await openTestInstaller();
    const folder = await copyModel('tiny-stable-diffusion');
    const secret = join(await makeFolder(), 'secret');
    writeFileSync(secret, 'mine');
    symlinkSync(secret, join(folder, 'LICENSE'));
    await installer.install(folderSource(folder), { packId: 'linked' }, toAnything('unknown'), quietContext);
    const { manifest } = await packs.openPack('linked');
    expect(manifest.licence.file).toBe('LICENCE-NOTE.txt');
  });

  it.each([
    ['of checkpoints', 'model.safetensors'],
    ['of nothing', 'notes.txt'],
  ])('%s is told as what it is', async (_name, file) => {
    const { installer } = await openTestInstaller();
    const folder = await makeFolder();
    writeFileSync(join(folder, file), 'x');
    await expect(installer.plan(folderSource(folder), {}, quietContext.signal)).rejects.toMatchObject({ code: 'pack-invalid' });
  });
});

describe('a repository', () => {
  it('becomes a pack with where it came from, and leaves stale twins where they are', async () => {
    const folder = await copyModel('tiny-stable-diffusion');
    addExternalData(folder);
    writeFileSync(join(folder, 'vae_encoder', 'model.onnx_data'), 'stale'.repeat(1000));
    mkdirSync(join(folder, 'safety_checker'));
    writeFileSync(join(folder, 'safety_checker', 'model.onnx'), 'unwanted');
    const server = hubServer([toRepository('org/Tiny.SD', folder)]);
    const { installer, packs } = await openTestInstaller(await serveHttp(server.listener));
    const source = hubSource('org/Tiny.SD');
    const plan = await installer.plan(source, {}, quietContext.signal);
    expect(plan).toMatchObject({ packId: 'tiny-sd', licence: { name: 'mit', commercial: 'yes' }, replaces: false, keptBytes: 0 });
    const seen: number[] = [];
    const context = { ...quietContext, onProgress: ({ fraction }: { fraction: number }) => seen.push(fraction) };
    const agreed = { licence: plan.licence.name, bytes: plan.bytes };
    const installed = await installer.install(source, {}, agreed, context);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const { manifest } = await packs.openPack('tiny-sd');
    expect(manifest.source).toMatchObject({ revision: 'a'.repeat(40), hub: { repository: 'org/Tiny.SD', revision: 'main' } });
    expect(installed.fetchedBytes).toBe(
      manifest.files.filter(({ path }) => path !== 'LICENCE-NOTE.txt').reduce((sum, { bytes }) => sum + bytes, 0),
    );
    expect(server.asked.some(({ path }) => /model\.onnx_data|safety_checker/.test(path))).toBe(false);
  });

  it('is not fetched under another licence or in another size than was agreed to', async () => {
    const server = hubServer([toRepository('org/tiny', await copyModel('tiny-stable-diffusion'))]);
    const { installer, packs } = await openTestInstaller(await serveHttp(server.listener));
    const source = hubSource('org/tiny');
    const changed = { code: 'download-refused', details: { reason: 'changed' } };
    await expect(installer.install(source, {}, toAnything('apache-2.0'), quietContext)).rejects.toMatchObject(changed);
    expect(server.asked.some(({ path }) => path.includes('/resolve/'))).toBe(false);
    expect((await packs.listPacks()).packs).toEqual([]);
  });

  it('goes on after a stop, can be given up, and is no pack until it is whole', async () => {
    const folder = await copyModel('tiny-stable-diffusion');
    const stop = new AbortController();
    const server = hubServer([toRepository('org/tiny', folder)], ({ path, response, number }) => {
      if (path !== 'unet/model.onnx' || number > 0) return false;
      response.writeHead(200, { 'content-length': 196_523 }).write('', () => stop.abort());
      return true;
    });
    const { installer, packs } = await openTestInstaller(await serveHttp(server.listener));
    const source = hubSource('org/tiny');
    const stopped = installer.install(source, {}, toAnything('mit'), { ...quietContext, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect((await packs.listPacks()).packs).toEqual([]);
    const [kept] = await installer.staging.list();
    expect(kept).toMatchObject({ packId: 'tiny', source, agreed: { licence: 'mit' } });
    expect(kept?.keptBytes).toBeGreaterThan(0);
    await installer.staging.discard('tiny');
    expect(await installer.staging.list()).toEqual([]);
    await installer.install(source, {}, toAnything('mit'), quietContext);
    expect(await installer.staging.list()).toEqual([]);
    expect((await packs.verifyPack('tiny')).ok).toBe(true);
  });

  it('is upgraded without fetching again what stayed the same', async () => {
    const folder = await copyModel('tiny-stable-diffusion');
    const before = toRepository('org/tiny', folder, { largeFrom: 0 });
    writeFileSync(
      join(folder, 'scheduler', 'scheduler_config.json'),
      readFileSync(join(folder, 'scheduler', 'scheduler_config.json'), 'utf8').replace('{', '{ "x": 1,'),
    );
    const after = toRepository('org/tiny', folder, { largeFrom: 0, commit: 'b'.repeat(40) });
    let newest = hubServer([before]);
    const { installer, packs } = await openTestInstaller(
      await serveHttp((request, response) => newest.listener(request, response)),
    );
    await installer.install(hubSource('org/tiny'), {}, toAnything('mit'), quietContext);
    newest = hubServer([after]);
    expect(await installer.plan(hubSource('org/tiny'), {}, quietContext.signal)).toMatchObject({
      revision: after.commit,
      replaces: true,
    });
    const upgraded = await installer.install(hubSource('org/tiny'), {}, toAnything('mit'), quietContext);
    expect(upgraded.fetchedBytes).toBe(after.files.get('scheduler/scheduler_config.json')?.byteLength);
    expect((await packs.openPack('tiny')).manifest.source.revision).toBe(after.commit);
  });
});

describe('a pack that is here', () => {
  it('is moved to another folder, used from there, moved back and removed', async () => {
    const opened = await openTestInstaller();
    const { installer, packs, places, packsFolder } = opened;
    const kept = { packs, places, packsFolder };
    const { folder } = await installer.install(
      folderSource(await copyModel('tiny-stable-diffusion')),
      { packId: 'mine' },
      toAnything('unknown'),
      quietContext,
    );
    const elsewhere = await makeFolder();
    await movePack(kept, 'mine', elsewhere, quietContext.signal);
    expect((await packs.openPack('mine')).folder).toBe(join(elsewhere, 'mine'));
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(movePack(kept, 'mine', join(elsewhere, 'mine', '..'), quietContext.signal)).resolves.toBeUndefined();
    await movePack(kept, 'mine', packsFolder, quietContext.signal);
    expect(places.folders).toEqual([]);
    expect((await packs.openPack('mine')).folder).toBe(folder);
    await removePack(kept, 'mine');
    expect((await packs.listPacks()).packs).toEqual([]);
    await expect(lstat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
