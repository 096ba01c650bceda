import Database from 'better-sqlite3';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStudio } from '../../../main/studio.ts';
import type { Studio } from '../../../main/studio.ts';
import { TransferStore } from '../../../main/transfers/transfer-store.ts';
import { copyFrozenLibrary } from '../../helpers/frozen-records.ts';
import { smallTransfer } from '../../helpers/small-transfer.ts';

const folders: (() => void)[] = [];
afterAll(() => folders.forEach((remove) => remove()));

/** Opens the studio on a copy of the frozen library after it was damaged, does `work` with it, and closes it. */
async function withDamage(
  damage: (folder: string) => Promise<void> | void,
  work: (studio: Studio, folder: string) => Promise<void>,
): Promise<string> {
  const { folder, remove } = copyFrozenLibrary();
  folders.push(remove);
  await damage(folder);
  const studio = await openStudio({ dataFolder: folder, device: 'cpu' });
  try {
    await work(studio, folder);
  } finally {
    await studio.close();
  }
  return folder;
}

const asideOf = (folder: string, name: string) => readdirSync(folder).filter((other) => other.startsWith(`${name}.damaged-`));
const repairsOf = async ({ client }: Studio) => (await client.studio.info()).repairs;

function zeroPage(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096), 0, 4096, page * 4096);
  closeSync(handle);
}

it.each([
  ['lock.sqlite', 'garbage', (file: string) => writeFileSync(file, 'no database, and long enough to be one'.repeat(40))],
  ['vectors.sqlite', 'a zeroed page', (file: string) => zeroPage(file, 1)],
  ['jobs.sqlite', 'no bytes', (file: string) => writeFileSync(file, '')],
  ['batches.sqlite', 'no bytes', (file: string) => writeFileSync(file, '')],
  ['transfers.sqlite', 'no bytes', (file: string) => writeFileSync(file, '')],
  ['index.sqlite', 'no bytes', (file: string) => writeFileSync(file, '')],
  ['index.sqlite', 'a zeroed page', (file: string) => zeroPage(file, 2)],
  ['settings.json', 'half of it', (file: string) => writeFileSync(file, '{"device": "c')],
  ['boards.json', 'half of it', (file: string) => writeFileSync(file, '{"boards": [')],
  ['removing.json', 'half of it', (file: string) => writeFileSync(file, '{"images": [')],
  ['network.json', 'half of it', (file: string) => writeFileSync(file, '{"consents": [')],
  ['pack-places.json', 'half of it', (file: string) => writeFileSync(file, '{"folders": [')],
  ['connections.json', 'half of it', (file: string) => writeFileSync(file, '{"connections": [')],
  ['templates.json', 'half of it', (file: string) => writeFileSync(file, '{"templates": [')],
])('%s with %s heals, is kept aside, and is said in one sentence', async (name, _how, damage) => {
  const folder = await withDamage(
    async (place) => {
      if (name === 'index.sqlite') await openOnce(place);
      damage(join(place, name));
    },
    async (studio) => {
      expect((await studio.client.library.overview()).items).toBeGreaterThan(0);
      await studio.client.jobs.list();
      await studio.client.batches.list();
      await studio.client.transfers.list();
      const repairs = await repairsOf(studio);
      expect(repairs).toHaveLength(1);
      expect(repairs[0]).toMatch(/damaged|could not be read/);
    },
  );
  expect(asideOf(folder, name)).toHaveLength(1);
  // Told once: the next start finds nothing.
  const again = await openStudio({ dataFolder: folder, device: 'cpu' });
  expect(await repairsOf(again)).toEqual([]);
  await again.close();
});

/** Grids of one place each, which was given up. */
function addTransfers(folder: string, ids: readonly string[]): void {
  const store = new TransferStore({ file: join(folder, 'transfers.sqlite'), clock: () => 1 });
  for (const id of ids) {
    store.add({ id, createdMs: 1, order: smallTransfer });
    store.change(id, { row: 0, column: 0, seedIndex: 0 }, { state: 'cancelled' });
  }
  store.close();
}

/** The frozen index is of an older version, which is made again without a word. */
async function openOnce(folder: string): Promise<void> {
  await (await openStudio({ dataFolder: folder, device: 'cpu' })).close();
}

it.each([
  ['UPDATE batches SET settings = substr(settings, 2)', 'settings'],
  ["UPDATE batches SET error = 'no json'", 'error'],
  ["UPDATE batches SET state = 'wrong'", 'state'],
])('a damaged row of batches.sqlite costs that batch alone: %s', async (statement) => {
  await withDamage(
    (folder) => {
      const database = new Database(join(folder, 'batches.sqlite'));
      database.exec(
        "INSERT INTO batches SELECT 'another', position + 1, name, created_ms, settings, state, job_id, error FROM batches LIMIT 1",
      );
      database.exec(`${statement} WHERE id <> 'another'`);
      database.close();
    },
    async ({ client }, folder) => {
      const [known] = new Database(join(folder, 'batches.sqlite'), { readonly: true })
        .prepare("SELECT id FROM batches WHERE id <> 'another'")
        .pluck()
        .all() as string[];
      expect((await client.batches.list()).map(({ id }) => id)).toEqual(['another']);
      await expect(client.batches.get({ batchId: known ?? '' })).rejects.toMatchObject({ data: { code: 'bad-request' } });
      expect((await client.studio.info()).repairs).toEqual([expect.stringContaining('cannot be read any more')]);
    },
  );
});

it.each(["error = 'no json'", "state = 'wrong'", "sha256 = 'x'", "picture_id = ''", "crashes = 'many'"])(
  'a damaged row of a batch is a failed one, and the others are listed: %s',
  async (change) => {
    await withDamage(
      (folder) => {
        const database = new Database(join(folder, 'batches.sqlite'));
        database.exec(`UPDATE batch_rows SET ${change} WHERE seq = (SELECT min(seq) FROM batch_rows)`);
        database.close();
      },
      async ({ client }) => {
        const [batch] = await client.batches.list();
        const { rows, total } = await client.batches.rows({ batchId: batch?.id ?? '' });
        expect(rows).toHaveLength(total);
        expect(rows.some(({ error }) => error?.message.includes('cannot be read any more'))).toBe(true);
      },
    );
  },
);

it.each([
  ['that grid alone', 'UPDATE transfers SET transfer_order = substr(transfer_order, 2)', 'another'],
  ['that place alone', "UPDATE transfer_cells SET state = 'wrong'", 'another one'],
  ['that place alone', 'DELETE FROM transfer_cells', 'another one'],
  ['that place alone', 'UPDATE transfer_cells SET row = -1', 'another one'],
])('damage in transfers.sqlite costs %s: %s', async (_what, statement, left) => {
  await withDamage(
    (folder) => {
      addTransfers(folder, ['one', 'another']);
      const database = new Database(join(folder, 'transfers.sqlite'));
      const key = statement.includes('transfer_cells') ? 'transfer_id' : 'id';
      database.exec(`${statement} WHERE ${key} = 'one'`);
      database.close();
    },
    async (studio) => {
      const { transfers } = studio.client;
      const listed = (await transfers.list()).map(({ id }) => id).sort();
      expect(listed.join(' ')).toBe(left);
      expect((await transfers.get({ transferId: 'another' })).cells).toMatchObject([{ state: 'cancelled', error: null }]);
      if (left === 'another') {
        expect(await repairsOf(studio)).toEqual([expect.stringContaining('cannot be read any more')]);
        await expect(transfers.get({ transferId: 'one' })).rejects.toMatchObject({ data: { code: 'library-damaged' } });
        return;
      }
      const { cells } = await transfers.get({ transferId: 'one' });
      expect(cells).toMatchObject([{ row: 0, column: 0, seedIndex: 0, state: 'failed', error: { code: 'library-damaged' } }]);
    },
  );
});

it('works with a clock that stands before 1970', async () => {
  const { folder, remove } = copyFrozenLibrary();
  folders.push(remove);
  const studio = await openStudio({ dataFolder: folder, device: 'cpu', clock: () => -86_400_000.5 });
  const prompt = await studio.client.prompts.create({ text: 'a red fox' });
  const { id } = await studio.client.prompts.save({ document: prompt });
  await studio.client.library.createBoard({ name: 'Early' });
  expect((await studio.client.library.query({})).items.map((item) => item.id)).toContain(id);
  expect((await studio.client.library.overview()).boards.map(({ name }) => name)).toContain('Early');
  await studio.close();
});

it('a host that died leaves no staged file, and no picture without an item', async () => {
  const orphan = 'ab'.repeat(32);
  const staged = ['boards', 'settings', 'removing'].map((name) => `${name}.json.77-0123456789ab.tmp`);
  const folder = await withDamage(
    async (place) => {
      await openOnce(place);
      mkdirSync(join(place, 'images', 'ab'));
      mkdirSync(join(place, 'thumbnails', 'ab'), { recursive: true });
      writeFileSync(join(place, 'images', 'ab', orphan), 'a picture nobody was told of');
      writeFileSync(join(place, 'thumbnails', 'ab', `${orphan}.webp.77-0123456789ab.tmp`), '');
      for (const name of [...staged, 'running']) writeFileSync(join(place, name), '');
    },
    () => Promise.resolve(),
  );
  expect(listFiles(folder).filter((name) => name.endsWith('.tmp') || name.includes(orphan) || name === 'running')).toEqual([]);
});

const listFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

it('a picture whose item has gone missing stays through any number of deaths: the item may come back', async () => {
  const { folder, remove } = copyFrozenLibrary();
  folders.push(remove);
  await openOnce(folder);
  const pictures = () => listFiles(join(folder, 'images'));
  const before = pictures();
  for (const name of pictures()) {
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder, 'images', name.slice(0, 2), name), old, old);
  }
  rmSync(join(folder, 'items'), { recursive: true });
  for (let death = 0; death < 3; death += 1) {
    writeFileSync(join(folder, 'running'), '');
    await openOnce(folder);
  }
  expect(before.length).toBeGreaterThan(0);
  expect(pictures()).toEqual(before);
});
