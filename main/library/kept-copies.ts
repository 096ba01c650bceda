import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toStorageError } from '../storage/to-storage-error.ts';

/** A copy on disk. */
export interface KeptCopy {
  readonly path: string;
  readonly bytes: number;
}

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

  /** `make` writes the file it is given, which is not there yet. Throws what it throws, StudioError disk-full or file-unwritable. */
  async find(sha256: string, make: (path: string) => Promise<void>): Promise<KeptCopy> {
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

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), `${sha256}.${this.#ending}`);
  }
}

async function makeCopy(path: string, make: (path: string) => Promise<void>): Promise<KeptCopy> {
  const staged = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await make(staged);
    // A reader sees the whole file or none.
    await rename(staged, path);
    return { path, bytes: (await stat(path)).size };
  } catch (cause) {
    await rm(staged, { force: true });
    throw toStorageError(cause, path);
  }
}
