import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packManifestRecord } from '../../../contract/models/pack.ts';
import { alternativesAt } from '../../../contract/texts/reading.ts';
import { readRecord } from '../../../contract/record.ts';
import { RemovalRecord } from '../../../main/library/removal-record.ts';
import { VectorStore } from '../../../main/likeness/vector-store.ts';
import { PackPlaces } from '../../../main/packs/pack-places.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { copyFrozenLibrary, FIRST_RECORDS, listItemFiles, readJson } from '../../helpers/frozen-records.ts';

function fail(problem: string): never {
  throw new Error(problem);
}

describe('what the studio stored when versions began', () => {
  const { folder, remove } = copyFrozenLibrary();
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio({ dataFolder: folder, device: 'cpu' });
  });
  afterAll(async () => {
    await studio.close();
    remove();
  });

  it('is a library without problems', async () => {
    expect(await studio.client.library.rebuild()).toEqual({ items: 8, problems: [] });
    expect(await studio.client.library.overview()).toMatchObject({
      items: 8,
      starred: 1,
      boards: [{ name: 'Foxes & hills', items: 1 }],
    });
  });

  it('has every item as it was', async () => {
    const kinds = ['picture', 'prompt', 'generation'];
    const files = kinds.flatMap((kind) => listItemFiles(folder, kind)).map(readJson);
    for (const file of files) {
      const item = await studio.client.library.get({ itemId: String(file['id']) });
      // Recipes have a test below; what was read in a picture is looked at in library/version-1-texts.test.ts.
      const grown = ['recipe', 'prompt']
        .filter((name) => name in file)
        .map((name): [string, unknown] => [name, expect.anything()]);
      expect(item).toMatchObject({ ...file, ...Object.fromEntries(grown), named: false });
    }
    expect(files).toHaveLength(8);
  });

  it('has the recipe of a drawn picture, and what it began from', async () => {
    const [path = ''] = listItemFiles(folder, 'generation');
    const { schemaVersion, ...recipe } = readJson(path)['recipe'] as Record<string, unknown>;
    expect(schemaVersion).toBe(1);
    const item = await studio.client.library.get({ itemId: String(readJson(path)['id']) });
    expect(item).toMatchObject({
      recipe: { ...recipe, seed: 7, steps: 2, init: { strength: 0.8 } },
      fidelity: { perSeed: [{ seed: 7 }] },
    });
  });

  it('keeps its settings', async () => {
    const { settings } = await studio.client.settings.get();
    expect(settings).toEqual({
      ...{ device: 'auto', memoryBudgetMb: 2048, unloadAfterIdleMinutes: 7, packId: 'tiny-scenes' },
      ...{ pictureTexts: { recipe: true, a1111: false, comfyui: false }, stripSaved: false },
    });
  });

  it('has the jobs that ended, with their results', async () => {
    const jobs = await studio.client.jobs.list();
    expect(jobs.map(({ request, state }) => [request.kind, state])).toEqual([
      ['encode', 'done'],
      ['generate', 'done'],
      ['batch', 'done'],
    ]);
    const [encode, generate] = await Promise.all(jobs.map(({ id }) => studio.client.jobs.get({ jobId: id })));
    expect(encode?.result).toMatchObject({ images: [{ documents: [{ document: { length: 15 } }] }] });
    const document = encode?.result?.kind === 'encode' ? encode.result.images[0]?.documents[0]?.document : undefined;
    const [source] = document?.sources ?? [];
    const reading = await studio.readReading(source?.type === 'reading' ? (source.sha256 ?? '') : '');
    expect(alternativesAt(reading, 1)).toHaveLength(4);
    expect(generate?.result).toMatchObject({ items: [{ kind: 'generation', recipe: { seed: 7 } }] });
  });

  it('has the batch that was done', async () => {
    const [batch] = await studio.client.batches.list();
    expect(batch).toMatchObject({
      name: 'Two scenes',
      state: 'done',
      settings: { lengths: [5], draw: { steps: 1 } },
      counts: { done: 2 },
    });
    const { rows } = await studio.client.batches.rows({ batchId: batch?.id ?? '' });
    expect(rows.map(({ name, texts }) => [name, texts.length])).toEqual([
      ['scenes/1.png', 1],
      ['scenes/2.png', 1],
    ]);
  });

  it('writes the version of today with the next change', async () => {
    await studio.client.settings.update({ unloadAfterIdleMinutes: 8 });
    expect(readJson(join(folder, 'settings.json'))).toMatchObject({ schemaVersion: 3, unloadAfterIdleMinutes: 8 });
    const [path = ''] = listItemFiles(folder, 'picture');
    await studio.client.library.update({ itemId: String(readJson(path)['id']), title: 'Another name' });
    expect(readJson(path)).toMatchObject({ schemaVersion: 2, title: 'Another name', named: true });
  });
});

describe('records beside the library', () => {
  it('a manifest of the first version opens', () => {
    const json: unknown = JSON.parse(readFileSync(join(FIRST_RECORDS, 'pack/pack.json'), 'utf8'));
    expect(readRecord(packManifestRecord, json)).toMatchObject({ id: 'tiny-scenes', limits: { maxTokens: 75 } });
  });

  it('packs that were moved in the first version are found', async () => {
    const file = join(FIRST_RECORDS, 'pack-places.json');
    const { folders } = await PackPlaces.open({ file, remember: false, onRepair: fail, clock: Date.now });
    expect(folders).toEqual(['/home/artist/models/tiny-scenes', 'D:\\models\\long-texts']);
  });

  it('vectors and removals of the first version are read', () => {
    const { folder, remove } = copyFrozenLibrary();
    const store = VectorStore.open({ file: join(folder, 'vectors.sqlite'), clock: Date.now, onProblem: fail });
    const scorer = '33527db30966ba90f91a6491c7fb89e04a01c0974738ea5f30382dd87366a823';
    expect(store.list(scorer)).toHaveLength(5);
    store.close();
    remove();
    expect(new RemovalRecord(join(FIRST_RECORDS, 'library-removing.json'), fail).read()).toMatchObject({
      images: { length: 1 },
      readings: [],
    });
  });
});
