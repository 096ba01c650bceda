import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packManifestSchema } from '../../contract/models/pack.ts';
import type { PackCheckEvent } from '../../contract/models/pack.ts';
import { openStudio } from '../../main/studio.ts';
import { PACK_ID, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

const embeddedPack = new URL(`../../models/packs/${PACK_ID}/`, import.meta.url);

const arm = (objectWordRecall: number) => ({
  objectWordRecall,
  meanAbsoluteError: 0.2,
  scorerSimilarity: 0.8,
  scorerSimilaritySpread: 0.1,
  scenes: 40,
});
/** As models/training/evaluate.py writes it: arms of the pack's own texts by length, and arms to compare with. */
const evaluation = JSON.stringify({
  split: 'heldout',
  arms: {
    short: arm(1),
    dediffusion75: { ...arm(0.9), fidelity: 0.6 },
    dediffusion5: arm(0.7),
    other: arm(0),
    autoencoder: { meanAbsoluteError: 0.1, scorerSimilarity: 0.9 },
  },
});

/** A copy of the embedded pack under another id, where an artist's own packs lie, with measurements of its own. */
async function copyPack(packsFolder: string, id: string): Promise<string> {
  const folder = join(packsFolder, id);
  const manifest = packManifestSchema.parse(JSON.parse(await readFile(new URL('pack.json', embeddedPack), 'utf8')));
  const copied = manifest.files.filter(({ path }) => path !== 'evaluation.json');
  for (const { path } of copied) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await copyFile(new URL(path, embeddedPack), join(folder, path));
  }
  await writeFile(join(folder, 'evaluation.json'), evaluation);
  const measured = {
    path: 'evaluation.json',
    bytes: Buffer.byteLength(evaluation),
    sha256: createHash('sha256').update(evaluation).digest('hex'),
  };
  const files = [...copied, measured];
  await writeFile(join(folder, 'pack.json'), JSON.stringify({ ...manifest, id, name: 'A Copy', files }));
  return folder;
}

/** What pictures say of themselves unless a person sets something else. */
const pictureTexts = { recipe: true, a1111: false, comfyui: false };

describe('settings and packs', () => {
  let test: TestStudio;
  let packFolder: string;

  beforeAll(async () => {
    test = await openInProcess();
    const { folders } = await test.client.settings.get();
    packFolder = await copyPack(folders.packs, 'a-copy');
  });
  afterAll(() => test.close());

  it('begins with the core’s own settings and says what this machine has', async () => {
    const report = await test.client.settings.get();
    expect(report.settings).toEqual({
      device: 'auto',
      memoryBudgetMb: null,
      unloadAfterIdleMinutes: 5,
      packId: null,
      pictureTexts,
      stripSaved: false,
    });
    expect(report.fixedDevice).toBe('cpu');
    expect(report.machineMemoryBytes).toBeGreaterThan(report.defaultMemoryBudgetMb * 1024 * 1024);
    expect(report.folders.data).toBe(test.studio.dataFolder);
  });

  it('applies a memory budget at once and tells every reader', async () => {
    const leave = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: leave.signal });
    const news = (async () => {
      for await (const event of events) if (event.type === 'settings-changed') return event.report.settings;
      return null;
    })();
    const report = await test.client.settings.update({ memoryBudgetMb: 700, unloadAfterIdleMinutes: 2 });
    expect(report.settings).toMatchObject({ memoryBudgetMb: 700, unloadAfterIdleMinutes: 2 });
    expect((await test.client.studio.info()).engine.memoryBudgetBytes).toBe(700 * 1024 * 1024);
    expect(await news).toEqual(report.settings);
    leave.abort();
  });

  it('refuses what does not fit and changes nothing', async () => {
    const before = await test.client.settings.get();
    expect((await readFailure(test.client.settings.update({ memoryBudgetMb: 3 }))).code).toBe('bad-request');
    expect((await readFailure(test.client.settings.update({ packId: 'no-such-pack' }))).code).toBe('pack-not-found');
    expect((await test.client.settings.get()).settings).toEqual(before.settings);
  });

  it('uses the chosen pack where none is named', async () => {
    await test.client.settings.update({ packId: 'a-copy' });
    expect((await test.client.studio.info()).defaultPackId).toBe('a-copy');
    expect((await test.client.prompts.create({ text: 'a red fox' })).packId).toBe('a-copy');
    await test.client.settings.update({ packId: null });
    expect((await test.client.studio.info()).defaultPackId).toBe(PACK_ID);
  });

  it('lists usable packs, folders that cannot be used, and where to put one', async () => {
    const { folders } = await test.client.settings.get();
    await mkdir(join(folders.packs, 'broken'), { recursive: true });
    await writeFile(join(folders.packs, 'broken', 'pack.json'), '{"schemaVersion": 1}');
    const overview = await test.client.packs.overview();
    expect(overview.packs.map(({ id, embedded }) => [id, embedded])).toEqual([
      [PACK_ID, true],
      ['a-copy', false],
    ]);
    expect(overview.problems.map(({ folder }) => folder)).toEqual([join(folders.packs, 'broken')]);
    expect(overview.folder).toBe(folders.packs);
  });

  it('tells what can be done with a pack', async () => {
    const { reader, drawer } = await test.client.packs.abilities({ packId: 'a-copy' });
    expect(reader).toEqual({ lengths: [5, 15, 75], candidates: 10, attention: true });
    expect(drawer?.schedulers).toContain(drawer?.defaults.scheduler);
  });

  it('gives the pack’s own measurements by length', async () => {
    const measured = { scenes: 40, fidelity: null, similarity: 0.8, similaritySpread: 0.1, pixelError: 0.2 };
    expect(await test.client.packs.measurements({ packId: 'a-copy' })).toEqual([
      { length: 5, objectWordRecall: 0.7, ...measured },
      { length: 75, objectWordRecall: 0.9, ...measured, fidelity: 0.6 },
    ]);
  });

  it('checks a pack with progress that never falls, and names the files that are not right', async () => {
    const manifest = await test.client.packs.info({ packId: 'a-copy' });
    await writeFile(join(packFolder, 'LICENSE'), 'nothing of the kind');
    await rm(join(packFolder, manifest.roles.encoder?.backbone.file ?? ''));
    const events: PackCheckEvent[] = [];
    for await (const event of await test.client.packs.check({ packId: 'a-copy' })) events.push(event);
    const done = events.flatMap((event) => (event.type === 'progress' ? [event.doneBytes] : []));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    const last = events.at(-1);
    expect(last?.type === 'done' ? last.verification.problems.map(({ path, problem }) => [path, problem]) : null).toEqual([
      ['LICENSE', 'size'],
      ['encoder/backbone.onnx', 'missing'],
    ]);
    expect((await readFailure(test.client.packs.check({ packId: 'no-such-pack' }))).code).toBe('pack-not-found');
  });

  it('adds up what lies in the data folder', async () => {
    const { parts, bytes } = await test.client.studio.storage();
    expect(bytes).toBe(parts.reduce((sum, part) => sum + part.bytes, 0));
    expect(parts.find(({ name }) => name === 'packs')?.bytes).toBeGreaterThan(1_000_000);
  });

  it('frees the memory of the models', async () => {
    expect((await test.client.studio.unload()).loadedSessions).toEqual([]);
  });
});

describe('settings over two starts', () => {
  it('are found again, field by field where the file was damaged, and guide the device', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-settings-'));
    const file = join(dataFolder, 'settings.json');
    try {
      const first = await openStudio({ dataFolder });
      await first.client.settings.update({ device: 'cpu', memoryBudgetMb: 900 });
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ device: 'cpu', memoryBudgetMb: 900 });
      await first.close();

      await writeFile(file, JSON.stringify({ device: 'cpu', memoryBudgetMb: 'much', unloadAfterIdleMinutes: 9 }));
      const second = await openStudio({ dataFolder });
      const { settings } = await second.client.settings.get();
      expect(settings).toMatchObject({
        device: 'cpu',
        memoryBudgetMb: null,
        unloadAfterIdleMinutes: 9,
        packId: null,
        pictureTexts,
      });
      const probes = await second.client.studio.probeDevices();
      expect(probes.find(({ device }) => device === 'cpu')?.available).toBe(true);
      expect((await second.client.studio.info()).engine).toMatchObject({
        device: 'cpu',
        reason: 'It was chosen in the settings.',
      });
      await second.close();
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  });
});
