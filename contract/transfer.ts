import { z } from 'zod';
import { connectionIdSchema } from './outside/connection.ts';
import { drawnElsewhereSchema, takenElsewhereSchema } from './drawn-elsewhere.ts';
import { errorBodySchema } from './errors.ts';
import type { ErrorBody } from './errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { jobProgressSchema, promptSourceSchema } from './job.ts';
import { promptDocumentRecord } from './texts/prompt.ts';
import { generateSettingsSchema, seedSchema } from './recipe.ts';
import { upgradeNamed } from './record.ts';
import type { RecordKind } from './record.ts';

/** Cells of one transfer: rows times tools times seeds. */
export const mostTransferCells = 4096;
/** Prompts of one transfer. */
export const mostTransferRows = 256;

/**
 * Who draws a column: a pack on this machine, connected tools, which share its cells where there are several, or Midjourney, which no
 * program can ask: a person takes the texts there and brings the pictures back.
 */
export const transferToolSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pack'), packId: z.string().min(1).max(200) }),
  z.object({
    type: z.literal('connections'),
    connectionIds: z
      .array(connectionIdSchema)
      .overwrite((ids) => [...new Set(ids)])
      .min(1)
      .max(16),
  }),
  z.object({ type: z.literal('midjourney') }),
]);
export type TransferTool = z.infer<typeof transferToolSchema>;

/** A column by a name that a person knows it by. */
export function nameOfTool(tool: TransferTool): string {
  if (tool.type === 'midjourney') return 'Midjourney';
  return tool.type === 'pack' ? tool.packId : tool.connectionIds.join(' + ');
}

/** One prompt that every tool is given. */
export const transferRowSchema = z.object({
  /** What tells it from the other rows, such as `15 tokens`. */
  name: z.string().trim().min(1).max(200),
  prompt: promptSourceSchema,
  /** The picture that its drawings are compared with; null: they are compared with the text. */
  originalSha256: sha256Schema.nullable().default(null),
  /** The library's item of the text, which its drawings come from; null for none. */
  itemId: idSchema.nullable().default(null),
});
export type TransferRow = z.infer<typeof transferRowSchema>;

/** What is drawn: every row by every tool, with the same seeds. */
export const transferOrderSchema = z
  .object({
    name: z.string().trim().min(1).max(200),
    rows: z.array(transferRowSchema).min(1).max(mostTransferRows),
    tools: z.array(transferToolSchema).min(1).max(16),
    /** How many seeds each prompt is drawn with; they are counted up from the one of the settings. */
    seeds: z.number().int().min(1).max(16).default(1),
    /** What is left out is each tool's own. */
    settings: generateSettingsSchema.omit({ init: true, count: true }).default({}),
    /** The pack whose scorer compares; absent: the one that is used where none is named. */
    scorerPackId: z.string().optional(),
  })
  .refine(({ rows, tools, seeds }) => rows.length * tools.length * seeds <= mostTransferCells, {
    message: `A grid has at most ${mostTransferCells} pictures.`,
  });
export type TransferOrder = z.infer<typeof transferOrderSchema>;

/** Version 1 knew no second prompt, no layers to leave out and no rescaled guidance, and a studio of that time would draw without them. */
const tellTextOptions = (older: unknown): unknown => older;

/** Version 2 knew no column that a person draws by hand, and a studio of that time could not read one. */
const tellMidjourney = (older: unknown): unknown => older;

/** Version 3 read weights in one way alone, and would read so what was asked for in another. */
const tellEmphasis = (older: unknown): unknown => older;

/** What is stored of a transfer as one value; its cells are columns and grow with the table they stand in. */
export const transferOrderRecord: RecordKind<TransferOrder> = {
  name: 'transfer',
  version: 4,
  schema: transferOrderSchema,
  steps: [tellTextOptions, tellMidjourney, tellEmphasis],
  inside: (order) => upgradeNamed(order, new Map([['document', promptDocumentRecord]])),
};

/** A place of the grid, each from 0; the seed by its place among the seeds. */
export const transferPlaceSchema = z.object({
  row: z.number().int().nonnegative(),
  column: z.number().int().nonnegative(),
  seedIndex: z.number().int().nonnegative(),
});
export type TransferPlace = z.infer<typeof transferPlaceSchema>;

/** `awaited`: a person has taken its text elsewhere, or is to, and its picture has not come back. */
export const transferCellStateSchema = z.enum(['queued', 'running', 'awaited', 'done', 'failed', 'cancelled']);
export type TransferCellState = z.infer<typeof transferCellStateSchema>;

export const handedOutSchema = z.object({ text: z.string(), notes: z.array(z.string()) });
export type HandedOut = z.infer<typeof handedOutSchema>;

/** One picture of the grid. */
export const transferCellSchema = transferPlaceSchema.extend({
  state: transferCellStateSchema,
  /** The job that draws it; null before its turn. */
  jobId: idSchema.nullable(),
  /** Which of the column's connections draws or drew it; null for a pack, and before its turn. */
  connectionId: connectionIdSchema.nullable(),
  /** The library's item of the picture, and the picture; null before it is there. */
  itemId: idSchema.nullable(),
  sha256: sha256Schema.nullable(),
  /** What it was drawn with; null for a tool that tells none. */
  seed: seedSchema.nullable(),
  /** How alike it is to the row's original, or to its text: the cosine of the scorer's vectors. Null before it was compared. */
  score: z.number().min(-1).max(1).nullable(),
  /** From the begin of the drawing to the kept picture, without waiting and the loading of models. */
  timeMs: z.number().nonnegative().nullable(),
  /** By the connection's price; null where nobody said one, and for a pack. */
  cost: z.number().nonnegative().nullable(),
  /** What a person takes to a tool that no program can ask, and what that tool cuts, ignores or changes; null for all others. */
  handedOut: handedOutSchema.nullable(),
  /** While it is drawn. */
  progress: jobProgressSchema.nullable(),
  /** Why there is no picture; of one that is done: why it was not compared. */
  error: errorBodySchema.nullable(),
});
export type TransferCell = z.infer<typeof transferCellSchema>;

/** What is told of a cell beside its picture. */
export type CellFact =
  | { readonly type: 'score' | 'seconds' | 'cost' | 'seed'; readonly value: number }
  | { readonly type: 'connection'; readonly value: string };

/** Those that are known, in the order in which they are shown wherever a grid is. */
export function factsOf({ score, timeMs, cost, seed, connectionId }: TransferCell): CellFact[] {
  return [
    ...(score === null ? [] : [{ type: 'score' as const, value: score }]),
    ...(timeMs === null ? [] : [{ type: 'seconds' as const, value: timeMs / 1000 }]),
    ...(cost === null ? [] : [{ type: 'cost' as const, value: cost }]),
    ...(seed === null ? [] : [{ type: 'seed' as const, value: seed }]),
    ...(connectionId === null ? [] : [{ type: 'connection' as const, value: connectionId }]),
  ];
}

/** What the scores of one prompt say: it transfers well where every tool's are high and near to each other. */
export const transferRatingSchema = z.object({
  /** Mean of the tools' means, and their sample standard deviation; 0 for one tool. */
  mean: z.number(),
  spread: z.number().nonnegative(),
  /** The lowest of the tools' means. */
  least: z.number(),
  /** Tools with a score. */
  tools: z.number().int().positive(),
});
export type TransferRating = z.infer<typeof transferRatingSchema>;

const countSchema = z.number().int().nonnegative();

/** A transfer as lists show it. */
export const transferSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  createdMs: timestampMsSchema,
  /** Cells in each state; together they are all. */
  counts: z.object({
    queued: countSchema,
    running: countSchema,
    awaited: countSchema,
    done: countSchema,
    failed: countSchema,
    cancelled: countSchema,
  }),
});
export type TransferSummary = z.infer<typeof transferSummarySchema>;

/** A whole transfer. Row by row: the running text stands for the prompt, whatever it was made from. */
export const transferSchema = transferSummarySchema.extend({
  rows: z.array(
    transferRowSchema.omit({ prompt: true }).extend({
      text: z.string(),
      /** What its scores are of: two pictures have higher ones than a picture and a text. */
      comparedWith: z.enum(['picture', 'text']),
      /** Null before there is a score. */
      rating: transferRatingSchema.nullable(),
    }),
  ),
  tools: z.array(transferToolSchema),
  /** In their order. */
  seeds: z.array(seedSchema),
  settings: generateSettingsSchema,
  /** Row by row, in each tool by tool, in each seed by seed. */
  cells: z.array(transferCellSchema),
});
export type Transfer = z.infer<typeof transferSchema>;

/** Whether a cell that came to nothing may be paid all the same: it is drawn again where it is named alone. */
export const mayBePaid = ({ error }: { readonly error: ErrorBody | null }): boolean => error?.details['mayBePaid'] === true;

export const transferReferenceSchema = z.object({ transferId: idSchema });
/** Some cells, or, without them, whatever the method does by itself. */
export const transferCellsSchema = transferReferenceSchema.extend({
  cells: z.array(transferPlaceSchema).min(1).max(mostTransferCells).optional(),
});
/** A picture of the library that a person brings back for a grid. */
export const transferTakeSchema = transferReferenceSchema.extend({
  itemId: idSchema,
  /** Of the file that was brought, where the library may know its bytes by an earlier name; absent: the item's title. */
  name: z.string().max(1000).optional(),
  cut: drawnElsewhereSchema.shape.cut,
  /** The place it is for, whatever it has; absent: found by what stands in the picture's file, or by its name. */
  cell: transferPlaceSchema.optional(),
});
export type TransferTake = z.infer<typeof transferTakeSchema>;
/** The grid then, the places that show the picture or its parts, and the drawings, of which the grid may have no place for some. */
export const transferTakenSchema = z.object({
  transfer: transferSchema,
  cells: z.array(transferPlaceSchema),
  items: takenElsewhereSchema.shape.items,
});
export type TransferTaken = z.infer<typeof transferTakenSchema>;

export const transferFormatSchema = z.enum(['csv', 'html']);
export type TransferFormat = z.infer<typeof transferFormatSchema>;
export const transferExportSchema = transferReferenceSchema.extend({ format: transferFormatSchema });
