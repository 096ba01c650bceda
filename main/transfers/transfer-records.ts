import { z } from 'zod';
import { errorBodySchema } from '../../contract/errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from '../../contract/identity.ts';
import { connectionIdSchema } from '../../contract/outside/connection.ts';
import { seedSchema } from '../../contract/recipe.ts';
import { transferOrderSchema, transferPlaceSchema } from '../../contract/transfer.ts';
import type { TransferPlace } from '../../contract/transfer.ts';

/** A transfer as it is stored; its cells are apart. */
export const storedTransferSchema = z.object({ id: idSchema, createdMs: timestampMsSchema, order: transferOrderSchema });
export type StoredTransfer = Readonly<z.infer<typeof storedTransferSchema>>;

/**
 * A cell as it is stored. That it is drawn just now is not: its job says so. The id of the job stands here before the queue has the
 * job, so that after a death the two agree: a job that the queue does not know was never begun.
 */
export const storedCellSchema = transferPlaceSchema.extend({
  state: z.enum(['waiting', 'done', 'failed', 'cancelled']),
  jobId: idSchema.nullable(),
  connectionId: connectionIdSchema.nullable(),
  itemId: idSchema.nullable(),
  sha256: sha256Schema.nullable(),
  seed: seedSchema.nullable(),
  score: z.number().nullable(),
  timeMs: z.number().nullable(),
  error: errorBodySchema.nullable(),
});
export type StoredCell = Readonly<z.infer<typeof storedCellSchema>>;

/** The place of a cell as one word, to find it by. */
export const nameOfPlace = ({ row, column, seedIndex }: TransferPlace): string => `${row} ${column} ${seedIndex}`;
