import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { exportTargetSchema } from './texts/prompt.ts';
import { readerChoiceSchema } from './texts/reader-choice.ts';
import { generateSettingsSchema } from './recipe.ts';
import type { RecordKind } from './record.ts';

/** What is done with every picture of a batch. */
export const batchSettingsSchema = z.object({
  packId: z.string().optional(),
  lengths: z
    .array(z.number().int().positive())
    .overwrite((lengths) => [...new Set(lengths)])
    .min(1)
    .max(16),
  /** Absent: the pack's own encoder. */
  reader: readerChoiceSchema.optional(),
  /** Pictures drawn from each text and compared with the original; null: the pictures are only read. */
  draw: generateSettingsSchema.omit({ init: true }).nullable(),
});
export type BatchSettings = z.infer<typeof batchSettingsSchema>;

/** Version 1 knew no second prompt, no layers to leave out and no rescaled guidance, and would draw without them. */
const tellTextOptions = (older: unknown): unknown => older;
/** Version 2 read with encoders alone, and would read with one what a search was asked for. */
const readOtherwise = (older: unknown): unknown => older;
/** Version 3 read weights in one way alone, and would read so what was asked for in another. */
const tellEmphasis = (older: unknown): unknown => older;

/** What is stored of a batch as one value; its rows are columns and grow with the tables they stand in. */
export const batchSettingsRecord: RecordKind<BatchSettings> = {
  name: 'batch',
  version: 4,
  schema: batchSettingsSchema,
  steps: [tellTextOptions, readOtherwise, tellEmphasis],
};

/** `queued`: it waits for its turn, or for pictures. `failed`: nothing of it can be done until `error` is put right. */
export const batchStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type BatchState = z.infer<typeof batchStateSchema>;

/** `paused`: it waits, and its batch is paused. */
export const batchRowStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type BatchRowState = z.infer<typeof batchRowStateSchema>;

const countSchema = z.number().int().nonnegative();

export const batchSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdMs: timestampMsSchema,
  settings: batchSettingsSchema,
  state: batchStateSchema,
  /** Rows in each state; together they are all rows. */
  counts: z.object({
    queued: countSchema,
    running: countSchema,
    paused: countSchema,
    done: countSchema,
    failed: countSchema,
    cancelled: countSchema,
  }),
  /** 0..1 over all rows. It falls only when rows are added or tried again. */
  fraction: z.number().min(0).max(1),
  remainingMs: z.number().nonnegative().nullable(),
  /** The job that works on it; null before its first picture. */
  jobId: idSchema.nullable(),
  /** Grows with every change of its rows: a page that shows them knows when to look again. */
  revision: z.number().int().nonnegative(),
  error: errorBodySchema.nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

/** One text of a row. */
export const batchTextSchema = z.object({
  length: z.number().int().positive(),
  /** The library's item of the text. */
  itemId: idSchema,
  text: z.string(),
  /** Of the pictures drawn from it; null while there are none. `spread` is their sample standard deviation. */
  fidelity: z.object({ mean: z.number().min(0).max(1), spread: z.number().min(0) }).nullable(),
});
export type BatchText = z.infer<typeof batchTextSchema>;

/** One file of a batch. The same file twice is two rows of one picture. */
export const batchRowSchema = z.object({
  id: idSchema,
  /** The file's name, with its folders where it came with some. */
  name: z.string(),
  state: batchRowStateSchema,
  /** Null for a file that is no picture: the library did not take it. */
  sha256: sha256Schema.nullable(),
  /** The library's item of the picture. */
  pictureId: idSchema.nullable(),
  thumbhash: z.string().nullable(),
  texts: z.array(batchTextSchema),
  error: errorBodySchema.nullable(),
});
export type BatchRow = z.infer<typeof batchRowSchema>;

/** A file for a batch: a picture the library has taken, or why it did not. */
export const batchFileSchema = z.object({
  name: z.string().min(1).max(1000),
  sha256: sha256Schema.nullable(),
  error: errorBodySchema.nullable(),
});
export type BatchFile = z.infer<typeof batchFileSchema>;

export const batchSortSchema = z.enum(['position', 'name', 'state', 'text', 'fidelity', 'error']);
export type BatchSort = z.infer<typeof batchSortSchema>;

export const batchRowQuerySchema = z.object({
  batchId: idSchema,
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(1000).default(100),
  sort: batchSortSchema.default('position'),
  descending: z.boolean().default(false),
  /** Empty: all. */
  states: z.array(batchRowStateSchema).default([]),
  /** Found anywhere in names and texts, whatever the case. */
  search: z.string().max(200).default(''),
});
export type BatchRowQuery = z.infer<typeof batchRowQuerySchema>;

/** `total` counts the rows that fit the query. */
export const batchRowPageSchema = z.object({ rows: z.array(batchRowSchema), total: countSchema });
export type BatchRowPage = z.infer<typeof batchRowPageSchema>;

export const batchTableFormatSchema = z.enum(['csv', 'jsonl']);
export type BatchTableFormat = z.infer<typeof batchTableFormatSchema>;

/** One line of the table: a text of a row, or the row itself where it has none. */
export const batchTableLineSchema = z.object({
  file: z.string(),
  sha256: sha256Schema.nullable(),
  state: batchRowStateSchema,
  length: z.number().int().positive().nullable(),
  text: z.string().nullable(),
  /** The text as the chosen tool takes it. */
  prompt: z.string().nullable(),
  fidelity_mean: z.number().nullable(),
  fidelity_spread: z.number().nullable(),
  /** Whether the picture is of the kind that its reader knows, and how surely, 0..1; empty where the pack does not say. */
  inside_world: z.boolean().nullable(),
  world_score: z.number().nullable(),
  error: z.string().nullable(),
  item_id: idSchema.nullable(),
});
export type BatchTableLine = z.infer<typeof batchTableLineSchema>;

export const batchExportSchema = z.object({
  batchId: idSchema,
  format: batchTableFormatSchema,
  target: exportTargetSchema.default('plain'),
});

export const batchNameSchema = z.string().trim().min(1).max(200);
export const batchReferenceSchema = z.object({ batchId: idSchema });
const rowIdsSchema = z.array(idSchema).min(1).max(100_000);
/** Rows of one batch. */
export const batchRowsSchema = batchReferenceSchema.extend({ rowIds: rowIdsSchema });
/** Some rows of a batch, or, without them, whatever the method does by itself. */
export const batchSomeRowsSchema = batchReferenceSchema.extend({ rowIds: rowIdsSchema.optional() });
/** Puts rows, in the order they have, before another; null: at the end. */
export const batchRowsMoveSchema = batchRowsSchema.extend({ beforeId: idSchema.nullable() });
