import { z } from 'zod';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { promptDocumentSchema } from './prompt.ts';
import { fidelitySchema, recipeSchema } from './recipe.ts';

/** Facts about stored image bytes. The bytes themselves are at `/images/<sha256>`. */
export const storedImageSchema = z.object({
  sha256: sha256Schema,
  bytes: z.number().int().positive(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  mediaType: z.string(),
  /** Base64 thumbhash, about 25 bytes: what the grid shows before the picture is there. */
  thumbhash: z.string(),
});
export type StoredImage = z.infer<typeof storedImageSchema>;

const itemBase = {
  id: idSchema,
  createdMs: timestampMsSchema,
  title: z.string(),
  starred: z.boolean(),
  trashed: z.boolean(),
  /** Items this one was made from: a text's picture, a picture's text. */
  parents: z.array(idSchema),
};

/** An item is one JSON file in the store; the SQLite index is made from these and can be rebuilt. */
export const libraryItemSchema = z.discriminatedUnion('kind', [
  z.object({ ...itemBase, kind: z.literal('picture'), image: storedImageSchema }),
  z.object({ ...itemBase, kind: z.literal('prompt'), prompt: promptDocumentSchema, text: z.string() }),
  z.object({
    ...itemBase,
    kind: z.literal('generation'),
    image: storedImageSchema,
    recipe: recipeSchema,
    fidelity: fidelitySchema.nullable(),
  }),
]);
export type LibraryItem = z.infer<typeof libraryItemSchema>;

export const libraryQuerySchema = z.object({
  /** Words to find in titles, prompts and recipes; empty lists everything. */
  text: z.string().max(1000).default(''),
  kinds: z.array(z.enum(['picture', 'prompt', 'generation'])).default([]),
  starred: z.boolean().optional(),
  trashed: z.boolean().default(false),
  limit: z.number().int().min(1).max(1000).default(100),
  /** Opaque: the `next` of the page before. */
  after: z.string().optional(),
});
export type LibraryQuery = z.infer<typeof libraryQuerySchema>;

/** Prompts on a page come without their slots (`slots: []`; `text` is there): the item itself has them, by `library.get`. */
export const libraryPageSchema = z.object({
  items: z.array(libraryItemSchema),
  total: z.number().int().nonnegative(),
  next: z.string().nullable(),
});
export type LibraryPage = z.infer<typeof libraryPageSchema>;

/** An item with everything above and below it: picture → text → picture. Prompts in the two lists come without their slots. */
export const lineageSchema = z.object({
  item: libraryItemSchema,
  ancestors: z.array(libraryItemSchema),
  descendants: z.array(libraryItemSchema),
});
export type Lineage = z.infer<typeof lineageSchema>;
