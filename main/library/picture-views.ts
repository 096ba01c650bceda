import { join } from 'node:path';
import type { StoredImage } from '../../contract/library.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import { THUMBNAIL_MEDIA_TYPE, THUMBNAIL_SIDE } from '../image/thumbnail-form.ts';
import { KeptCopies } from './kept-copies.ts';

/** A file to show for a picture. */
export interface PictureView {
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** Whole, or small for grids. */
export type ViewKind = 'shown' | 'thumbnail';

type Picture = Pick<StoredImage, 'sha256' | 'bytes' | 'width' | 'height' | 'mediaType'>;

/** Up to here a picture is its own thumbnail: a copy would save nothing, and small-world pictures stay exact. */
const OWN_THUMBNAIL_BYTES = 100_000;

/** Stored files are named by their hash, which says nothing to a person. */
const NAME = 'The picture';

/** In place of a copy; shorter than any PNG. */
const NONE_NEEDED = 'itself';

/**
 * What a page shows of stored pictures. Their own bytes go to whoever wants the file; an `<img>` gets a format that browsers draw,
 * upright and in sRGB, as the encoder reads it.
 */
export class PictureViews {
  readonly #pictures: PictureReader;
  readonly #thumbnails: KeptCopies;
  readonly #shown: KeptCopies;

  constructor(folder: string, pictures: PictureReader) {
    this.#pictures = pictures;
    this.#thumbnails = new KeptCopies(join(folder, 'thumbnails'), 'webp');
    this.#shown = new KeptCopies(join(folder, 'shown'), 'png');
  }

  /** @param path Where the picture itself lies. Throws StudioError as decodeImage does, disk-full or file-unwritable. */
  find(kind: ViewKind, picture: Picture, path: string): Promise<PictureView> {
    return kind === 'shown' ? this.#findShown(picture, path) : this.#findThumbnail(picture, path);
  }

  /** The picture itself, or a converted copy where browsers may show it otherwise than the studio reads it. */
  async #findShown(picture: Picture, path: string): Promise<PictureView> {
    const copy = await this.#shown.find(picture.sha256, async (staged) =>
      (await this.#pictures.writeShownCopy(path, staged, { name: NAME })) ? null : NONE_NEEDED,
    );
    return copy.bytes === NONE_NEEDED.length
      ? { path, bytes: picture.bytes, mediaType: picture.mediaType }
      : { ...copy, mediaType: 'image/png' };
  }

  /** A picture that is small already is shown as it is. */
  async #findThumbnail(picture: Picture, path: string): Promise<PictureView> {
    const { sha256, bytes, width, height } = picture;
    if (Math.max(width, height) <= THUMBNAIL_SIDE && bytes <= OWN_THUMBNAIL_BYTES) return this.#findShown(picture, path);
    const copy = await this.#thumbnails.find(sha256, () => this.#pictures.makeThumbnail(path, { name: NAME }));
    return { ...copy, mediaType: THUMBNAIL_MEDIA_TYPE };
  }

  /** Removes what a process that died was writing. */
  async sweep(): Promise<void> {
    await this.#thumbnails.sweep();
    await this.#shown.sweep();
  }

  async remove(sha256: string): Promise<void> {
    await this.#thumbnails.remove(sha256);
    await this.#shown.remove(sha256);
  }
}
