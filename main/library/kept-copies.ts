import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { renamePatiently } from '../files/rename-patiently.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { STAGED_SUFFIX, sweepStaged, writeWhole } from '../files/write-whole.ts';

/** A copy on disk. */
export interface KeptCopy {
  readonly path: string;
  readonly bytes: number;
}

/** Gives the copy's bytes, or null when another process wrote them into the file named, which is not there before. */
export type MakeCopy = (staged: string) => Promise<Uint8Array | string | null>;

/**
 * Files made of stored pictures, `<folder>/<aa>/<sha256>.<ending>`, each made when it is first asked for and then kept. They can be
 * made again, so they are not flushed to the disk, and the whole folder may be removed at any time.
 */
export class KeptCopies {
  readonly #folder: string;
  readonly #ending: string;
  readonly #making = new Map<string, Promise<KeptCopy>>();

  constructor(folder: string, ending: string) {
    this.#folder = folder;
    this.#ending = ending;
  }

  /** Throws what `make` throws, StudioError disk-full or file-unwritable. */
  async find(sha256: string, make: MakeCopy): Promise<KeptCopy> {
    const path = this.#pathOf(sha256);
    const facts = await stat(path).catch(() => null);
    // An empty one was left by a power cut.
    if (facts?.isFile() === true && facts.size > 0) return { path, bytes: facts.size };
    const making = this.#making.get(sha256) ?? makeCopy(path, make).finally(() => this.#making.delete(sha256));
    this.#making.set(sha256, making);
    return making;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  /** Removes what a process that died was writing. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      sweepStaged(join(this.#folder, name));
      await setImmediate();
    }
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), `${sha256}.${this.#ending}`);
  }
}

async function makeCopy(path: string, make: MakeCopy): Promise<KeptCopy> {
  const staged = `${path}.${process.pid}-${randomBytes(6).toString('hex')}${STAGED_SUFFIX}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const bytes = await make(staged);
    // A reader sees the whole file or none.
    if (bytes === null) await renamePatiently(staged, path);
    else await writeWhole(path, bytes, { flush: false });
    return { path, bytes: (await stat(path)).size };
  } catch (cause) {
    await rm(staged, { force: true });
    throw toStorageError(cause, path);
  }
}
