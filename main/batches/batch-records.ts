import { z } from 'zod';
import { batchSettingsSchema, batchTextSchema } from '../../contract/batch.ts';
import { errorBodySchema } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from '../../contract/identity.ts';

/** A batch as it is stored. What it is doing follows from this, its rows and its job. */
export const storedBatchSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdMs: timestampMsSchema,
  settings: batchSettingsSchema,
  state: z.enum(['active', 'paused', 'cancelled', 'failed']),
  jobId: idSchema.nullable(),
  error: errorBodySchema.nullable(),
});
export type StoredBatch = Readonly<z.infer<typeof storedBatchSchema>>;

export const storedRowStateSchema = z.enum(['waiting', 'done', 'failed', 'cancelled']);
export type StoredRowState = z.infer<typeof storedRowStateSchema>;

/** A row as it is stored. That it is being worked on is not: after a death it waits again. */
export const storedRowSchema = z.object({
  seq: z.number().int(),
  id: idSchema,
  name: z.string(),
  sha256: sha256Schema.nullable(),
  pictureId: idSchema.nullable(),
  thumbhash: z.string().nullable(),
  state: storedRowStateSchema,
  /** How often the engine crashed while it had this row in hand. */
  crashes: z.number().int().nonnegative(),
  error: errorBodySchema.nullable(),
  texts: z.array(batchTextSchema).readonly(),
});
export type StoredRow = Readonly<z.infer<typeof storedRowSchema>>;

/** A file to be put into a batch. Without a picture it is a failed row with its error. */
export interface NewRow {
  readonly id: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly pictureId: string | null;
  readonly thumbhash: string | null;
  readonly error: ErrorBody | null;
}
