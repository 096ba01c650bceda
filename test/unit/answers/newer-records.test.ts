import Database from 'better-sqlite3';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PackPlaces } from '../../../main/packs/pack-places.ts';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { TransferStore } from '../../../main/transfers/transfer-store.ts';
import { smallTransfer } from '../../helpers/small-transfer.ts';
import { copyFrozenLibrary, FIRST_RECORDS, listItemFiles, makeNewer, NEWER, readJson } from '../../helpers/frozen-records.ts';

const folders: (() => void)[] = [];
afterAll(() => folders.forEach((remove) => remove()));

/** Opens the studio on a copy of the frozen library after `change`, does `work` with it, and closes it. */
async function withStudio<T>(
  change: (folder: string) => T,
  work: (studio: Studio, changed: T) => Promise<void>,
): Promise<string> {
  const { folder, remove } = copyFrozenLibrary();
  folders.push(remove);
  const changed = change(folder);
  const studio = await openStudio({ dataFolder: folder, device: 'cpu' });
  try {
    await work(studio, changed);
  } finally {
    await studio.close();
  }
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  return folder;
}

const stamped = (value: Record<string, unknown>) => ({ ...value, schemaVersion: NEWER });
const newer: unknown = expect.objectContaining({ code: 'record-newer' });
const newerProblem: unknown = expect.stringContaining('written by a newer version of the studio');

/** Runs statements in a database of the folder, and returns the way to look whether a query still answers the same. */
function changeRows(folder: string, file: string, statement: string, query: string): () => boolean {
  const read = (): string => {
    const database = new Database(join(folder, file));
    try {
      return JSON.stringify(database.prepare(query).all());
    } finally {
      database.close();
    }
  };
  const database = new Database(join(folder, file));
  database.exec(statement);
  database.close();
  const before = read();
  return () => read() === before;
}

/** A grid of one place. */
function addTransfer(folder: string): void {
  const store = new TransferStore({ file: join(folder, 'transfers.sqlite'), clock: () => 1 });
  store.add({ id: 'one', createdMs: 1, order: smallTransfer });
  store.close();
}

describe('what a later studio wrote is told as newer and left as it is:', () => {
  it.each([
    ['an item', (value: Record<string, unknown>) => stamped(value)],
    [
      'the document in an item',
      (value: Record<string, unknown>) => ({ ...value, prompt: stamped(value['prompt'] as Record<string, unknown>) }),
    ],
  ])('%s', async (_, change) => {
    const prepare = (folder: string) => {
      const [path = ''] = listItemFiles(folder, 'prompt');
      return { id: String(readJson(path)['id']), isUntouched: makeNewer(path, change) };
    };
    await withStudio(prepare, async ({ client }, { id, isUntouched }) => {
      await expect(client.library.get({ itemId: id })).rejects.toMatchObject({ data: newer });
      expect(await client.library.rebuild()).toEqual({ items: 7, problems: [newerProblem] });
      await client.library.updateMany({ itemIds: [id], change: { trashed: true } });
      await client.library.emptyTrash();
      expect(isUntouched()).toBe(true);
    });
  });

  it('a recipe, with the bytes of the pictures it names', async () => {
    const prepare = (folder: string) => {
      const [path = ''] = listItemFiles(folder, 'generation');
      const { init } = readJson(path)['recipe'] as { init: { imageSha256: string } };
      const pictures = listItemFiles(folder, 'picture').map(readJson);
      const start = pictures.find(({ image }) => (image as { sha256: string }).sha256 === init.imageSha256);
      const change = (value: Record<string, unknown>) => ({
        ...value,
        recipe: stamped(value['recipe'] as Record<string, unknown>),
      });
      return { sha256: init.imageSha256, startId: String(start?.['id']), isUntouched: makeNewer(path, change) };
    };
    await withStudio(prepare, async (studio, { sha256, startId, isUntouched }) => {
      await studio.client.library.update({ itemId: startId, trashed: true });
      expect(await studio.client.library.emptyTrash()).toEqual({ itemIds: [startId] });
      expect(existsSync(join(studio.dataFolder, 'images', sha256.slice(0, 2), sha256))).toBe(true);
      expect(isUntouched()).toBe(true);
    });
  });

  it('the settings: defaults hold, and a change is refused', async () => {
    const prepare = (folder: string) => makeNewer(join(folder, 'settings.json'), stamped);
    await withStudio(prepare, async ({ client }, isUntouched) => {
      expect((await client.settings.get()).settings).toMatchObject({ memoryBudgetMb: null });
      await expect(client.settings.update({ unloadAfterIdleMinutes: 9 })).rejects.toMatchObject({ data: newer });
      expect((await client.settings.get()).settings).toMatchObject({ unloadAfterIdleMinutes: 5 });
      expect(isUntouched()).toBe(true);
    });
  });

  it('the boards: what lies on them is found, and a change is refused', async () => {
    const prepare = (folder: string) => makeNewer(join(folder, 'boards.json'), stamped);
    await withStudio(prepare, async ({ client }, isUntouched) => {
      const [board] = (await client.library.overview()).boards;
      expect(board).toMatchObject({ items: 1 });
      await expect(client.library.updateBoard({ boardId: board?.id ?? '', name: 'Hills' })).rejects.toMatchObject({
        data: newer,
      });
      expect(isUntouched()).toBe(true);
    });
  });

  it('the note of removals: nothing is deleted for good meanwhile', async () => {
    const prepare = (folder: string) => {
      cpSync(join(FIRST_RECORDS, 'library-removing.json'), join(folder, 'removing.json'));
      return makeNewer(join(folder, 'removing.json'), stamped);
    };
    await withStudio(prepare, async ({ client, dataFolder }, isUntouched) => {
      const [path = ''] = listItemFiles(dataFolder, 'picture');
      await client.library.update({ itemId: String(readJson(path)['id']), trashed: true });
      await expect(client.library.emptyTrash()).rejects.toMatchObject({ data: newer });
      expect(existsSync(path)).toBe(true);
      expect(isUntouched()).toBe(true);
    });
  });

  it('a pack', async () => {
    const prepare = (data: string) => {
      mkdirSync(join(data, 'packs', 'later-scenes'), { recursive: true });
      cpSync(join(FIRST_RECORDS, 'pack/pack.json'), join(data, 'packs/later-scenes/pack.json'));
      return makeNewer(join(data, 'packs/later-scenes/pack.json'), stamped);
    };
    await withStudio(prepare, async ({ client }, isUntouched) => {
      expect((await client.packs.overview()).problems).toMatchObject([{ message: newerProblem }]);
      await expect(client.packs.info({ packId: 'later-scenes' })).rejects.toMatchObject({ data: newer });
      expect(isUntouched()).toBe(true);
    });
  });

  it('packs in other folders: none is there, and no other is moved', async () => {
    const prepare = (folder: string) => {
      cpSync(join(FIRST_RECORDS, 'pack-places.json'), join(folder, 'pack-places.json'));
      return makeNewer(join(folder, 'pack-places.json'), stamped);
    };
    await withStudio(prepare, async ({ client, dataFolder }, isUntouched) => {
      expect((await client.studio.info()).repairs).toEqual([expect.stringContaining('is of a newer version')]);
      const file = join(dataFolder, 'pack-places.json');
      const places = await PackPlaces.open({ file, remember: true, onRepair: () => undefined, clock: Date.now });
      await expect(places.change('', join(dataFolder, 'elsewhere'))).rejects.toMatchObject({ code: 'record-newer' });
      expect(isUntouched()).toBe(true);
    });
  });

  it('a job: it is not run, and clearing the list keeps it', async () => {
    const change = `UPDATE jobs SET request = json_set(request, '$.schemaVersion', ${NEWER}), state = 'queued' WHERE position = 1`;
    const prepare = (folder: string) => changeRows(folder, 'jobs.sqlite', change, 'SELECT * FROM jobs WHERE position = 1');
    let isUntouched = () => false;
    await withStudio(prepare, async ({ client, dataFolder }, look) => {
      isUntouched = look;
      const database = new Database(join(dataFolder, 'jobs.sqlite'), { readonly: true });
      const id = String(database.prepare('SELECT id FROM jobs WHERE position = 1').pluck().get());
      database.close();
      await expect(client.jobs.get({ jobId: id })).rejects.toMatchObject({ data: newer });
      expect(await client.jobs.clear()).toHaveLength(2);
    });
    expect(isUntouched()).toBe(true);
  });

  it('a batch', async () => {
    const change = `UPDATE batches SET settings = json_set(settings, '$.schemaVersion', ${NEWER})`;
    const prepare = (folder: string) => changeRows(folder, 'batches.sqlite', change, 'SELECT * FROM batches, batch_rows');
    let isUntouched = () => false;
    await withStudio(prepare, async ({ client }, look) => {
      isUntouched = look;
      expect(await client.batches.list()).toEqual([]);
      const [job] = (await client.jobs.list()).filter(({ request }) => request.kind === 'batch');
      const batchId = job?.request.kind === 'batch' ? job.request.batchId : '';
      await expect(client.batches.remove({ batchId })).rejects.toMatchObject({ data: newer });
    });
    expect(isUntouched()).toBe(true);
  });

  it('a transfer', async () => {
    const change = `UPDATE transfers SET transfer_order = json_set(transfer_order, '$.schemaVersion', ${NEWER})`;
    let isUntouched = () => false;
    const prepare = (folder: string) => {
      addTransfer(folder);
      return changeRows(folder, 'transfers.sqlite', change, 'SELECT * FROM transfers, transfer_cells');
    };
    await withStudio(prepare, async ({ client }, look) => {
      isUntouched = look;
      expect(await client.transfers.list()).toEqual([]);
      expect((await client.studio.info()).repairs).toEqual([newerProblem]);
      await expect(client.transfers.get({ transferId: 'one' })).rejects.toMatchObject({ data: newer });
      await expect(client.transfers.remove({ transferId: 'one' })).rejects.toMatchObject({ data: newer });
    });
    expect(isUntouched()).toBe(true);
  });

  it.each(['jobs.sqlite', 'batches.sqlite', 'transfers.sqlite', 'vectors.sqlite'])('the tables of %s', async (file) => {
    const prepare = (folder: string) => {
      if (file === 'transfers.sqlite') addTransfer(folder);
      const database = new Database(join(folder, file));
      database.pragma(`user_version = ${NEWER}`);
      database.exec('CREATE TABLE later (form TEXT)');
      database.close();
      return readFileSync(join(folder, file));
    };
    let before = Buffer.of();
    const folder = await withStudio(prepare, async ({ client }, bytes) => {
      before = bytes;
      const { items } = await client.library.overview();
      expect(items).toBe(8);
      // The rest works: what is done here is kept in memory.
      if (file === 'batches.sqlite') expect(await client.batches.list()).toEqual([]);
      if (file === 'transfers.sqlite') expect(await client.transfers.list()).toEqual([]);
      if (file === 'jobs.sqlite') expect(await client.jobs.list()).toEqual([]);
    });
    expect(readFileSync(join(folder, file)).equals(before)).toBe(true);
    expect(readFileSync(join(folder, 'logs/studio.log'), 'utf8')).toContain('written by a newer version of the studio');
  });
});
