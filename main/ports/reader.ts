import type { ReaderAbilities } from '../../contract/models/abilities.ts';
import type { PictureRegion } from '../../contract/texts/reading.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { WrittenPrompt } from '../image-to-text/write-prompt-document.ts';
import type { RunContext } from '../running/run-context.ts';

export interface ReadOrder {
  readonly images: readonly {
    /** The absolute path of the file, or the bytes of one. */
    readonly source: string | Uint8Array;
    readonly imageSha256: string;
    /** What `source` is of the picture; absent: all of it. */
    readonly region?: PictureRegion;
  }[];
  /** At least one, of those it can read at. */
  readonly lengths: readonly number[];
  /** Candidates a position, at most what the reader gives; null: all of them. */
  readonly topK: number | null;
}

/** The texts of one picture, one a length in the order asked for; or why there are none. */
export interface ReadPicture {
  /** Index in the order's `images`; results come in that order. */
  readonly imageIndex: number;
  readonly imageSha256: string | null;
  readonly texts: readonly WrittenPrompt[];
  readonly error: ErrorBody | null;
}

/** Picture → readings, and the text each of them is. */
export interface Reader {
  readonly abilities: ReaderAbilities;
  /** One result a picture, as they are read; a bad picture carries its error and the others go on. Leaving the loop early cancels. */
  read(order: ReadOrder, context: RunContext): AsyncIterable<ReadPicture>;
}
