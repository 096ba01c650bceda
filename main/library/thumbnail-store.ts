import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeThumbnail, THUMBNAIL_MEDIA_TYPE, THUMBNAIL_SIDE } from '../image/make-thumbnail.ts';
import type { StoredImage } from '../../contract/library.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { sweepStaged, writeWhole } from '../write-whole.ts';

/** A file to show for a picture in a grid. */
export interface FoundThumbnail {
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** Up to here a picture is its own thumbnail: a copy would save nothing, and small-world pictures stay exact. */
const OWN_THUMBNAIL_BYTES = 100_000;

/**
 * Small copies of pictures, `<folder>/<aa>/<sha256>.webp`, made when first asked for. They can be made again, so they are not
 * flushed to the disk, and the whole folder may be removed at any time.
 */
export class ThumbnailStore {
  readonly #folder: string;
  readonly #making = new Map<string, Promise<FoundThumbnail>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param path Where the picture itself lies. Throws StudioError as decodeImage does, disk-full or file-unwritable. */
  async find(
    image: Pick<StoredImage, 'sha256' | 'bytes' | 'width' | 'height' | 'mediaType'>,
    path: string,
  ): Promise<FoundThumbnail> {
    const { sha256, bytes, width, height, mediaType } = image;
    if (Math.max(width, height) <= THUMBNAIL_SIDE && bytes <= OWN_THUMBNAIL_BYTES) return { path, bytes, mediaType };
    const file = this.#pathOf(sha256);
    const facts = await stat(file).catch(() => null);
    if (facts?.isFile() === true && facts.size > 0) return { path: file, bytes: facts.size, mediaType: THUMBNAIL_MEDIA_TYPE };
    const making = this.#making.get(sha256) ?? this.#make(file, path).finally(() => this.#making.delete(sha256));
    this.#making.set(sha256, making);
    return making;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#pathOf(sha256), { force: true });
  }

  /** Removes what a process that died was writing. */
  async sweep(): Promise<void> {
    const folders = await readdir(this.#folder).catch(() => []);
    for (const name of folders) {
      sweepStaged(join(this.#folder, name));
      await setImmediate();
    }
  }

  async #make(file: string, path: string): Promise<FoundThumbnail> {
    const bytes = await makeThumbnail(path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeWhole(file, bytes, { flush: false });
    } catch (cause) {
      throw toStorageError(cause, file);
    }
    return { path: file, bytes: bytes.length, mediaType: THUMBNAIL_MEDIA_TYPE };
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), `${sha256}.webp`);
  }
}
