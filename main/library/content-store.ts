import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { sha256Schema } from '../../contract/identity.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import { stageFile } from '../storage/stage-file.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { syncFolder } from '../sync-folder.ts';
import { STAGED_SUFFIX } from '../write-whole.ts';

/** Bytes that never change, by their sha256, in `<folder>/<aa>/<sha256>`: pictures, readings. The same bytes are stored once. */
export class ContentStore {
  readonly #folder: string;
  readonly #what: string;

  /** @param what What a person would call one of the things in it, such as "picture". */
  constructor(folder: string, what: string) {
    this.#folder = folder;
    this.#what = what;
  }

  create(): void {
    mkdirSync(this.#folder, { recursive: true });
  }

  /**
   * Resolves to the sha256 when the bytes are on disk. What is stored under that name already is read and compared: a
   * damaged copy is replaced. Throws StudioError disk-full or file-unwritable.
   */
  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = await hashBytes(bytes);
    const path = this.pathOf(sha256);
    if (await holds(path, bytes)) return sha256;
    await this.#createFolderOf(sha256);
    const staged = await stageFile(path, bytes);
    await staged.publish();
    return sha256;
  }

  /** Throws StudioError not-found, file-unreadable, or library-damaged when the bytes are not those of the name. */
  async read(sha256: string): Promise<Uint8Array> {
    const path = this.find(sha256);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new StudioError(
        'file-unreadable',
        `${path} cannot be read.`,
        'Check the disk and the rights of that file.',
        { path },
        cause,
      );
    });
    const actual = await hashBytes(bytes);
    if (actual === sha256) return bytes;
    throw new StudioError(
      'library-damaged',
      `A stored ${this.#what} is not the one it was: its bytes have changed on disk.`,
      'Add the picture again from its original file and read it again; that mends the stored copies. Check the disk for errors.',
      { path, expected: sha256, actual },
    );
  }

  /** The path of stored bytes. Throws StudioError not-found or bad-request. */
  find(sha256: string): string {
    if (!sha256Schema.safeParse(sha256).success) {
      throw new StudioError('bad-request', `That is not the name of a ${this.#what}.`, 'It is named by 64 hexadecimal digits.');
    }
    const path = this.pathOf(sha256);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    throw new StudioError(
      'not-found',
      `The library has no ${this.#what} of that name.`,
      'Add or read the picture first, or look in `library list`.',
      { sha256 },
    );
  }

  has(sha256: string): boolean {
    return statSync(this.pathOf(sha256), { throwIfNoEntry: false })?.isFile() === true;
  }

  /** When bytes were stored, milliseconds since the epoch; null when they are not there. */
  storedMs(sha256: string): number | null {
    return statSync(this.pathOf(sha256), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** Removes bytes; those that are gone already are as good. Throws StudioError file-unwritable. */
  async remove(sha256: string): Promise<void> {
    const path = this.pathOf(sha256Schema.parse(sha256));
    try {
      await rm(path, { force: true });
    } catch (cause) {
      throw toStorageError(cause, path);
    }
  }

  /** The names of all stored images; none when there is no folder. With `sweep`, temporary files left by a process that died are removed. */
  list(sweep: boolean): Set<string> {
    const names = new Set<string>();
    if (!existsSync(this.#folder)) return names;
    for (const folder of readdirSync(this.#folder, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      for (const name of readdirSync(join(this.#folder, folder.name))) {
        if (!name.endsWith(STAGED_SUFFIX)) names.add(name);
        else if (sweep) rmSync(join(this.#folder, folder.name, name), { force: true });
      }
    }
    return names;
  }

  /** Where bytes of that name lie, or would. */
  pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  async #createFolderOf(sha256: string): Promise<void> {
    const folder = join(this.#folder, sha256.slice(0, 2));
    try {
      const created = await mkdir(folder, { recursive: true });
      if (created !== undefined) await syncFolder(this.#folder);
    } catch (cause) {
      throw toStorageError(cause, folder);
    }
  }
}

/** True when a file has exactly these bytes. One that is not there or cannot be read has not, and is written again. */
async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes.length) return false;
  const stored = await readFile(path).catch(() => null);
  return stored?.equals(bytes) === true;
}
