import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { sha256Schema } from '../../contract/identity.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const removalsSchema = z.object({ images: z.array(sha256Schema), readings: z.array(sha256Schema) });
/** Names of bytes that go unless an item refers to them. */
export type Removals = Readonly<z.infer<typeof removalsSchema>>;

const removalsRecord: RecordKind<Removals> = {
  name: 'note of removals',
  version: 2,
  schema: removalsSchema,
  steps: [(older) => ({ ...z.looseObject({}).parse(older), schemaVersion: 2, readings: [] })],
};

const nothing: Removals = { images: [], readings: [] };

/** Pictures and readings whose items are being deleted for good, `removing.json`: after a death in between, the next start finishes the removal. */
export class RemovalRecord {
  readonly #path: string;
  readonly #onDamage: (path: string) => void;

  /** @param onDamage Puts a record aside that cannot be read. */
  constructor(path: string, onDamage: (path: string) => void) {
    this.#path = path;
    this.#onDamage = onDamage;
  }

  /**
   * Empty when nothing was under way. A record that cannot be read removes nothing: bytes too many are better than too few.
   * Throws StudioError record-newer for one of a later studio.
   */
  read(): Removals {
    if (!existsSync(this.#path)) return nothing;
    try {
      return readRecord(removalsRecord, JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      this.#onDamage(this.#path);
      return nothing;
    }
  }

  /** Throws StudioError record-newer, disk-full or file-unwritable; the record is then as it was. */
  async write(removals: Removals): Promise<void> {
    // Whatever a later studio has noted must not be lost.
    this.read();
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify(writeRecord(removalsRecord, removals))));
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
