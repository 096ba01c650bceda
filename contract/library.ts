import { z } from 'zod';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { promptDocumentRecord, promptDocumentSchema } from './texts/prompt.ts';
import { fidelitySchema, recipeRecord, recipeSchema } from './recipe.ts';
import { upgradeNamed } from './record.ts';
import type { RecordGrowth, RecordKind } from './record.ts';

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
  /** The name of the file it came from, the beginning of what it was drawn from, or what a person called it. */
  title: z.string(),
  /** A person gave the title: it is shown as it is. */
  named: z.boolean(),
  starred: z.boolean(),
  trashed: z.boolean(),
  /** Items this one was made from: a text's picture, a picture's text. */
  parents: z.array(idSchema),
  /** Boards it was put on. A board that was deleted stays here, so that taking the deletion back brings its items back. */
  boards: z.array(idSchema).default([]),
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

/** The records an item holds, by the name of their property. */
export const recordsOfAnItem: ReadonlyMap<string, RecordGrowth> = new Map<string, RecordGrowth>([
  ['prompt', promptDocumentRecord],
  ['recipe', recipeRecord],
]);

const versionOneSchema = z.looseObject({ title: z.string(), recipe: z.looseObject({ text: z.string() }).optional() });

/** Version 1 did not say who gave a title. A drawing's was the beginning of its text, so any other is a person's. */
function tellWhoNamed(older: unknown): unknown {
  const item = versionOneSchema.safeParse(older).data;
  // What is no item is left as it is: the schema says what is wrong with it.
  if (item === undefined) return older;
  const { title, recipe } = item;
  return { ...item, named: recipe !== undefined && title !== '' && !recipe.text.startsWith(title) };
}

/** An item as it is stored; on its way to a page it needs no version. */
export const libraryItemRecord: RecordKind<LibraryItem> = {
  name: 'library item',
  version: 2,
  schema: libraryItemSchema,
  steps: [tellWhoNamed],
  inside: (item) => upgradeNamed(item, recordsOfAnItem),
};

export const itemKindSchema = z.enum(['picture', 'prompt', 'generation']);
export type ItemKind = z.infer<typeof itemKindSchema>;

/** Which items are meant. Absent fields leave nothing out. */
export const libraryFilterSchema = z.object({
  /** Words to find in titles, prompts and recipes; empty lists everything. */
  text: z.string().max(1000).default(''),
  kinds: z.array(itemKindSchema).default([]),
  starred: z.boolean().optional(),
  trashed: z.boolean().default(false),
  boardId: idSchema.optional(),
  /** The pack a text was read with, or a picture drawn with. */
  packId: z.string().max(100).optional(),
  /** A stack of `library.rows`: what was made from one original, and the original. */
  stackId: idSchema.optional(),
  /** The first millisecond that counts, and the first that no longer does. */
  createdFromMs: timestampMsSchema.optional(),
  createdBeforeMs: timestampMsSchema.optional(),
});
export type LibraryFilter = z.infer<typeof libraryFilterSchema>;

export const libraryQuerySchema = libraryFilterSchema.extend({
  limit: z.number().int().min(1).max(1000).default(100),
  /** Opaque: the `next` of the page before. */
  after: z.string().optional(),
});
export type LibraryQuery = z.infer<typeof libraryQuerySchema>;

export const libraryPageSchema = z.object({
  items: z.array(libraryItemSchema),
  total: z.number().int().nonnegative(),
  next: z.string().nullable(),
});
export type LibraryPage = z.infer<typeof libraryPageSchema>;

/** An item with everything above and below it: picture → text → picture. */
export const lineageSchema = z.object({
  item: libraryItemSchema,
  ancestors: z.array(libraryItemSchema),
  descendants: z.array(libraryItemSchema),
});
export type Lineage = z.infer<typeof lineageSchema>;

/** `fidelity` puts the most alike first and what was never compared last. */
export const libraryOrderSchema = z.enum(['newest', 'oldest', 'title', 'fidelity']);
export type LibraryOrder = z.infer<typeof libraryOrderSchema>;

/** An item as a grid shows it: small, so that a window of hundreds is there at once. */
export const libraryRowSchema = z.object({
  id: idSchema,
  kind: itemKindSchema,
  /** A person's own title, or one made from the name of its file and what its text is about; empty for a picture nothing is known of. */
  title: z.string(),
  starred: z.boolean(),
  createdMs: timestampMsSchema,
  image: storedImageSchema.pick({ sha256: true, width: true, height: true, mediaType: true, thumbhash: true }).nullable(),
  /** The beginning of a text or of what a picture was drawn from. */
  text: z.string(),
  /** Mean fidelity, 0..1; null when it was never compared. */
  fidelity: z.number().nullable(),
  /** What lies under this row where stacks are asked for; null for an item that is alone, and where they are not. */
  stack: z
    .object({
      id: idSchema,
      /** How many items of it fit the query, this one among them. */
      items: z.number().int().min(2),
      /** How many of those are pictures, drawn or not; the others are texts. */
      pictures: z.number().int().nonnegative(),
    })
    .nullable(),
});
export type LibraryRow = z.infer<typeof libraryRowSchema>;

/** A window of the list by position, for a scroll bar that goes anywhere at once. */
export const libraryRowsQuerySchema = libraryFilterSchema.extend({
  order: libraryOrderSchema.default('newest'),
  /**
   * One row for all that was made from one original. The original stands for it, or the first that has a picture; by fidelity the
   * best. Its place is that of its first item in the order, by title its own.
   */
  stacked: z.boolean().default(false),
  /** Moments, latest first, that divide the list into spans of time. */
  moments: z.array(timestampMsSchema).max(600).default([]),
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(1000).default(100),
});
export type LibraryRowsQuery = z.infer<typeof libraryRowsQuerySchema>;

export const libraryRowsSchema = z.object({
  rows: z.array(libraryRowSchema),
  total: z.number().int().nonnegative(),
  /** How many rows of the whole list are of each span: since the first moment, between it and the second …, before the last. Empty without moments. */
  spans: z.array(z.number().int().nonnegative()),
});
export type LibraryRows = z.infer<typeof libraryRowsSchema>;

/** What to find things like: an item, the bytes of a picture, or a sentence. */
export const similarToSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item'), itemId: idSchema }),
  z.object({ type: z.literal('image'), sha256: sha256Schema }),
  z.object({ type: z.literal('text'), text: z.string().trim().min(1).max(1000) }),
]);
export type SimilarTo = z.infer<typeof similarToSchema>;

export const librarySimilarQuerySchema = libraryFilterSchema.omit({ text: true }).extend({
  like: similarToSchema,
  /** The pack whose scorer compares; absent: the default pack. */
  scorerPackId: z.string().max(100).optional(),
  limit: z.number().int().min(1).max(1000).default(200),
});
export type LibrarySimilarQuery = z.infer<typeof librarySimilarQuerySchema>;

/**
 * The most alike first, among what was looked at so far: pictures, or texts where `kinds` is `['prompt']` alone, because the scores of
 * pictures and of texts cannot be put in one order. Looking goes on while somebody keeps asking: ask again until
 * `seen` is `total`.
 */
export const librarySimilarSchema = z.object({
  /** `score` is the scorer's cosine, −1..1. */
  rows: z.array(libraryRowSchema.extend({ score: z.number().min(-1.001).max(1.001) })),
  seen: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
export type LibrarySimilar = z.infer<typeof librarySimilarSchema>;

export const boardNameSchema = z.string().trim().min(1).max(100);

export const boardSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdMs: timestampMsSchema,
  /** It was made by itself for the results of a batch, whose id it has. */
  ofBatch: z.boolean(),
  /** Items on it that are not in the trash. */
  items: z.number().int().nonnegative(),
});
export type Board = z.infer<typeof boardSchema>;

/** What the library holds, for the list beside the grid. Everything but `trashed` counts what is not in the trash. */
export const libraryOverviewSchema = z.object({
  items: z.number().int().nonnegative(),
  starred: z.number().int().nonnegative(),
  trashed: z.number().int().nonnegative(),
  kinds: z.record(itemKindSchema, z.number().int().nonnegative()),
  packs: z.array(z.object({ id: z.string(), items: z.number().int().nonnegative() })),
  /** By name. */
  boards: z.array(boardSchema),
});
export type LibraryOverview = z.infer<typeof libraryOverviewSchema>;

export const mostItemsAtOnce = 100_000;
const itemIdsSchema = z.array(idSchema).min(1).max(mostItemsAtOnce);

/** Everything that lies in one stack with these items and fits the filter. */
export const libraryMembersQuerySchema = libraryFilterSchema.extend({ itemIds: itemIdsSchema });
export type LibraryMembersQuery = z.infer<typeof libraryMembersQuerySchema>;

/** One change for many items. */
export const libraryBulkUpdateSchema = z.object({
  itemIds: itemIdsSchema,
  change: z.object({
    starred: z.boolean().optional(),
    trashed: z.boolean().optional(),
    addToBoard: idSchema.optional(),
    takeFromBoard: idSchema.optional(),
  }),
});
export type LibraryBulkUpdate = z.infer<typeof libraryBulkUpdateSchema>;

/** The items that really changed: the opposite change to just these takes it back. */
export const changedItemsSchema = z.object({ itemIds: z.array(idSchema) });

/** Readings that unsaved work of whoever deletes still names, such as the texts of an open page: they stay. */
const keepReadingsSchema = z.array(sha256Schema).max(10_000).default([]);
export const deleteItemsSchema = z.object({ itemIds: itemIdsSchema, keepReadings: keepReadingsSchema });
export const emptyTrashSchema = z.object({ keepReadings: keepReadingsSchema }).default({ keepReadings: [] });
