import { z } from 'zod';
import { readRegularFile } from '../files/open-regular-file.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';
import type { FileMark } from './check-files.ts';
import type { ResolvedPack } from './pack-registry.ts';

const fileSchema = z.object({
  schemaVersion: z.literal(1),
  /** By folder and manifest: a mark for each file, by its path in the pack. */
  packs: z.record(z.string(), z.record(z.string(), z.string())),
});
type Remembered = z.infer<typeof fileSchema>['packs'];

/** Hundreds of packs of hundreds of files. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Remembers which files of which packs were hashed and found right, so that a pack of gigabytes is hashed once and not
 * at every start. A record that is lost or unreadable costs one more hashing and nothing else.
 */
export class VerifiedFiles {
  readonly #file: string | null;
  #packs: Remembered | undefined;

  /** @param file Where the record is kept; null keeps it in memory. */
  constructor(file: string | null) {
    this.#file = file;
  }

  async get(pack: ResolvedPack): Promise<ReadonlyMap<string, FileMark>> {
    this.#packs ??= await this.#read();
    return new Map(Object.entries(this.#packs[keyOf(pack)] ?? {}));
  }

  /** Throws StudioError disk-full or file-unwritable; it is remembered in memory even then. */
  async set(pack: ResolvedPack, marks: ReadonlyMap<string, FileMark>): Promise<void> {
    this.#packs ??= await this.#read();
    // Versions of this pack that were there before are gone from the folder, and so from the record.
    const others = Object.entries(this.#packs).filter(([key]) => !key.endsWith(` ${pack.folder}`));
    this.#packs = { ...Object.fromEntries(others), [keyOf(pack)]: Object.fromEntries(marks) };
    if (this.#file === null) return;
    await writeFileDurably(this.#file, Buffer.from(JSON.stringify({ schemaVersion: 1, packs: this.#packs })));
  }

  async #read(): Promise<Remembered> {
    if (this.#file === null) return {};
    try {
      return fileSchema.parse(JSON.parse((await readRegularFile(this.#file, { maximumBytes: MOST_BYTES })).toString('utf8')))
        .packs;
    } catch {
      // Not there yet, or damaged: then everything is hashed again.
      return {};
    }
  }
}

function keyOf(pack: ResolvedPack): string {
  return `${pack.manifestSha256} ${pack.folder}`;
}
