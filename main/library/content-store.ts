import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { sha256Schema } from '../../contract/identity.ts';
import { renamePatiently } from '../files/rename-patiently.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import { stageFile } from '../storage/stage-file.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { syncFolder } from '../files/sync-folder.ts';
import { STAGED_SUFFIX } from '../files/write-whole.ts';

/** Bytes that have come and lie in a file of their own, not yet among those that are kept. */
export interface StagedImage {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Removes them; after `keep` there is nothing to remove. */
  readonly discard: () => Promise<void>;
}

/** Where bytes lie that are still coming; no hash begins so. */
const INCOMING = 'incoming';

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

  /** Keeps bytes that are here, or that were staged. As `put` and `keep`. */
  async store(source: Uint8Array | StagedImage): Promise<{ readonly sha256: string; readonly bytes: number }> {
    if (source instanceof Uint8Array) return { sha256: await this.put(source), bytes: source.length };
    return { sha256: await this.keep(source), bytes: source.bytes };
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

  /**
   * Writes bytes to a file as they come, and holds none of them: a sender waits while the disk is busy. What fails leaves nothing
   * behind. Throws what `chunks` throws, StudioError image-too-large, disk-full or file-unwritable.
   */
  async stage(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maximumBytes: number): Promise<StagedImage> {
    const folder = join(this.#folder, INCOMING);
    const path = join(folder, `${process.pid}-${randomBytes(8).toString('hex')}${STAGED_SUFFIX}`);
    const discard = (): Promise<void> => rm(path, { force: true });
    try {
      await mkdir(folder, { recursive: true });
      return { path, discard, ...(await writeChunks(path, chunks, maximumBytes)) };
    } catch (cause) {
      await discard();
      throw toStorageError(cause, path);
    }
  }

  /** Takes staged bytes among those that are kept, flushed. As `put`, but nothing is read into memory; the staged file is gone afterwards. */
  async keep({ path: staged, sha256, bytes, discard }: StagedImage): Promise<string> {
    const path = this.pathOf(sha256);
    try {
      const before = statSync(path, { throwIfNoEntry: false });
      if (before?.size === bytes && (await hashFile(path)) === sha256) return sha256;
      await this.#createFolderOf(sha256);
      await flush(staged);
      await renamePatiently(staged, path);
      await syncFolder(join(this.#folder, sha256.slice(0, 2)));
      return sha256;
    } catch (cause) {
      throw toStorageError(cause, path);
    } finally {
      await discard();
    }
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

async function writeChunks(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maximumBytes: number,
): Promise<Pick<StagedImage, 'sha256' | 'bytes'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maximumBytes) {
        const megabytes = Math.floor(maximumBytes / 1_000_000);
        const hint = 'Save it smaller or as JPEG, and add it again.';
        throw new StudioError('image-too-large', `The file is larger than ${megabytes} MB.`, hint, { limitBytes: maximumBytes });
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
