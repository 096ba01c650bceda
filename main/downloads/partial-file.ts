import type { Hash } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { renamePatiently } from '../files/rename-patiently.ts';
import { syncFolder } from '../files/sync-folder.ts';
import { writeWhole } from '../files/write-whole.ts';
import { addToHash, beginHash } from './remote-file.ts';
import type { RemoteFile } from './remote-file.ts';

/** What is kept beside the bytes: whose they are, and the host's own mark of the file they were taken from. */
const noteSchema = z.object({ hash: z.string(), etag: z.string().nullable() });

/**
 * A file on its way here: its first bytes under another name, kept over every interruption. It gets its own name when its sum is right,
 * never before.
 */
export class PartialFile {
  readonly #file: RemoteFile;
  readonly #target: string;
  readonly #handle: FileHandle;
  #sum: Hash;
  #bytes: number;
  #etag: string | null;
  #isResumed: boolean;
  #restarts = 0;

  private constructor(
    file: RemoteFile,
    target: string,
    handle: FileHandle,
    found: { bytes: number; etag: string | null; sum: Hash },
  ) {
    this.#file = file;
    this.#target = target;
    this.#handle = handle;
    this.#bytes = found.bytes;
    this.#etag = found.etag;
    this.#sum = found.sum;
    this.#isResumed = found.bytes > 0;
  }

  /** Goes on with what is there of this very file; bytes of another one are dropped. Errors of the file system pass through. */
  static async open(file: RemoteFile, target: string, signal: AbortSignal): Promise<PartialFile> {
    await mkdir(dirname(target), { recursive: true });
    const path = partOf(target);
    const note = await readNote(target);
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    const kept = note?.hash === file.hash.hex && size <= file.bytes ? size : 0;
    const sum = beginHash(file);
    await addToHash(sum, path, kept, signal);
    const handle = await open(path, kept > 0 ? 'r+' : 'w');
    return new PartialFile(file, target, handle, { bytes: kept, etag: kept > 0 ? (note?.etag ?? null) : null, sum });
  }

  /** How many bytes of a file are kept from before, without opening it. */
  static async measure(file: RemoteFile, target: string): Promise<number> {
    const note = await readNote(target);
    const size = (await stat(partOf(target)).catch(() => null))?.size ?? 0;
    return note?.hash === file.hash.hex && size <= file.bytes ? size : 0;
  }

  /** Removes what is kept of a file that came otherwise. */
  static async remove(target: string): Promise<void> {
    for (const path of [partOf(target), noteOf(target)]) await rm(path, { force: true });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The host's mark of the file these bytes are of; null where it gave none that holds for a part. */
  get etag(): string | null {
    return this.#etag;
  }

  /** Whether it was put together from more than one answer. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  /** How often every byte had to be forgotten since it was opened. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Says what the next bytes are of. A weak mark does not tell one part from another, so it counts as none. */
  async noteSource(etag: string | undefined): Promise<void> {
    const strong = etag === undefined || etag.startsWith('W/') ? null : etag;
    if (this.#bytes > 0) this.#isResumed = true;
    else await writeWhole(noteOf(this.#target), JSON.stringify({ hash: this.#file.hash.hex, etag: strong }), { flush: false });
    this.#etag = this.#bytes > 0 ? this.#etag : strong;
  }

  async append(piece: Uint8Array): Promise<void> {
    let written = 0;
    while (written < piece.byteLength) {
      const { bytesWritten } = await this.#handle.write(piece, written, piece.byteLength - written, this.#bytes + written);
      written += bytesWritten;
    }
    this.#sum.update(piece);
    this.#bytes += piece.byteLength;
  }

  /** Forgets every byte. @returns how many there were */
  async restart(): Promise<number> {
    const dropped = this.#bytes;
    this.#restarts += 1;
    await this.#handle.truncate(0);
    this.#sum = beginHash(this.#file);
    this.#bytes = 0;
    this.#etag = null;
    this.#isResumed = false;
    return dropped;
  }

  /** Gives the whole file its name if its sum is right. The sum is spent: call `restart` where it was not. */
  async publish(): Promise<boolean> {
    if (this.#bytes !== this.#file.bytes || this.#sum.digest('hex') !== this.#file.hash.hex) return false;
    await this.#handle.sync();
    await this.#handle.close();
    await renamePatiently(partOf(this.#target), this.#target);
    await syncFolder(dirname(this.#target));
    await rm(noteOf(this.#target), { force: true });
    return true;
  }

  /** Lets go of it; what is there is kept. May be called again. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}

const partOf = (target: string): string => `${target}.part`;
const noteOf = (target: string): string => `${target}.part.json`;

/** A note that is gone or damaged says nothing: then the file is fetched from its first byte. */
async function readNote(target: string): Promise<z.infer<typeof noteSchema> | null> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(noteOf(target), 'utf8')));
  } catch {
    return null;
  }
}
