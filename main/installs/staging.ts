import { lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { keptInstallSchema } from '../../contract/models/install.ts';
import type { KeptInstall } from '../../contract/models/install.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { renamePatiently } from '../files/rename-patiently.ts';
import { writeWhole } from '../files/write-whole.ts';

/** In the packs folder, so that a whole pack needs only a new name; a name with a dot is no pack. */
const INCOMING = '.incoming';
const ORDER_FILE = '.order.json';

const orderSchema = keptInstallSchema.omit({ keptBytes: true });
type Order = z.infer<typeof orderSchema>;

const orderRecord: RecordKind<Order> = { name: 'begun model', version: 1, schema: orderSchema, steps: [] };

/** Where packs are put together before they are packs: what stopped lies there until it goes on or is given up. */
export class Staging {
  readonly #packsFolder: string;

  constructor(packsFolder: string) {
    this.#packsFolder = packsFolder;
  }

  folderOf(packId: string): string {
    return join(this.#packsFolder, INCOMING, packId);
  }

  /** Begins a pack, or goes on with what was kept of it. */
  async begin(order: Order): Promise<string> {
    const folder = this.folderOf(order.packId);
    await mkdir(folder, { recursive: true });
    await writeWhole(join(folder, ORDER_FILE), JSON.stringify(writeRecord(orderRecord, order)));
    return folder;
  }

  /** What stopped, by id. A folder whose order cannot be read is nobody's and not told. */
  async list(): Promise<KeptInstall[]> {
    const names = await readdir(join(this.#packsFolder, INCOMING)).catch(() => []);
    const kept = await Promise.all(names.sort().map((name) => this.#read(join(this.#packsFolder, INCOMING, name))));
    return kept.filter((one) => one !== null);
  }

  /** Bytes that are kept of a pack. */
  async measure(packId: string): Promise<number> {
    const entries = await readdir(this.folderOf(packId), { recursive: true, withFileTypes: true }).catch(() => []);
    const sizes = entries.map(async (entry) =>
      entry.isFile() ? ((await lstat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0) : 0,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** Gives up what was kept of a pack. */
  async discard(packId: string): Promise<void> {
    await rm(this.folderOf(packId), { recursive: true, force: true });
  }

  /** Makes the folder the pack, over an older one of this id. The older one stays if that fails. */
  async publish(packId: string): Promise<string> {
    const folder = join(this.#packsFolder, packId);
    const aside = join(this.#packsFolder, INCOMING, `.before-${packId}`);
    await rm(join(this.folderOf(packId), ORDER_FILE), { force: true });
    await rm(aside, { recursive: true, force: true });
    const isThere = (await lstat(folder).catch(() => null)) !== null;
    if (isThere) await renamePatiently(folder, aside);
    try {
      await renamePatiently(this.folderOf(packId), folder);
    } catch (error) {
      if (isThere) await renamePatiently(aside, folder);
      throw error;
    }
    await rm(aside, { recursive: true, force: true });
    return folder;
  }

  async #read(folder: string): Promise<KeptInstall | null> {
    try {
      const order = readRecord(orderRecord, JSON.parse(await readFile(join(folder, ORDER_FILE), 'utf8')));
      return { ...order, keptBytes: await this.measure(order.packId) };
    } catch {
      return null;
    }
  }
}
