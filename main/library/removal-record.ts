import { existsSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { sha256Schema } from '../../contract/identity.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const removalsRecord: RecordKind<{ images: readonly string[] }> = {
  name: 'note of removals',
  version: 1,
  schema: z.object({ images: z.array(sha256Schema) }),
  steps: [],
};

/** Pictures whose items are being deleted for good, `removing.json`: after a death in between, the next start finishes the removal. */
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
  read(): readonly string[] {
    if (!existsSync(this.#path)) return [];
    try {
      return readRecord(removalsRecord, JSON.parse(readFileSync(this.#path, 'utf8'))).images;
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      this.#onDamage(this.#path);
      return [];
    }
  }

  /** Throws StudioError record-newer, disk-full or file-unwritable; the record is then as it was. */
  async write(images: readonly string[]): Promise<void> {
    // Whatever a later studio has noted must not be lost.
    this.read();
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify(writeRecord(removalsRecord, { images }))));
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
