import type { PictureRegion } from '../../../contract/texts/reading.ts';

/** One picture, or a part of one, that a search reads at one length. */
export interface PictureToSearch {
  /** The absolute path of a file, or the bytes of one. */
  readonly source: string | Uint8Array;
  readonly imageSha256: string;
  /** What `source` is of the picture; null: all of it. */
  readonly region: PictureRegion | null;
  /** Tokens of the text. */
  readonly length: number;
}
