import { z } from 'zod';
import { idSchema, sha256Schema } from '../../../contract/identity.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';

/** The picture on the canvas. Its bytes are at `images/<sha256>`. */
export const pictureSchema = z.object({
  itemId: idSchema,
  sha256: sha256Schema,
  width: z.number(),
  height: z.number(),
  title: z.string(),
  mediaType: z.string().optional(),
});
export type Picture = z.infer<typeof pictureSchema>;

export const toPicture = ({ id, image, title }: Extract<LibraryItem, { kind: 'picture' }>): Picture => ({
  itemId: id,
  sha256: image.sha256,
  width: image.width,
  height: image.height,
  title,
  mediaType: image.mediaType,
});

/** One text of the picture: what the encoder said, or what the artist made of it. */
export const versionSchema = z.object({
  document: promptDocumentSchema,
  /** The text as typed, where it reads differently from the tokens (capitals, spaces); else null. */
  typed: z.string().nullable(),
  /** The library item that holds exactly this document, or null while it is only here. */
  itemId: idSchema.nullable(),
  /** The library item the text was read from or last saved as. */
  parentId: idSchema.nullable(),
});
export type Version = z.infer<typeof versionSchema>;

/** The key of a text that nobody read in the picture: one of a person's own. */
export const handKey = 'hand';

/** Everything one undo step takes back: the picture, its texts and which of them is open. */
export const snapshotSchema = z.object({
  picture: pictureSchema.nullable(),
  /** By number of tokens (`"75"`), or `hand`. */
  versions: z.record(z.string(), versionSchema),
  open: z.string(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Whether it has texts that were read in the picture. */
export const isRead = ({ versions }: Snapshot): boolean => Object.keys(versions).some((key) => key !== handKey);

export const emptySnapshot: Snapshot = { picture: null, versions: {}, open: handKey };
