import { z } from 'zod';

/**
 * What InvokeAI's server answers, as far as it is read. Sources: `routers/session_queue.py`, `routers/images.py` and
 * `session_queue_common.py` of invoke-ai/InvokeAI, and what 6.14.2 said, event by event (`test/fixtures/invokeai/`).
 */

/** A model as graphs name it: all of it goes back as it came. */
export const modelSchema = z.looseObject({
  key: z.string(),
  hash: z.string(),
  name: z.string(),
  base: z.string(),
  type: z.string(),
});
export type InvokeaiModel = z.infer<typeof modelSchema>;
export const modelsSchema = z.object({ models: z.array(modelSchema) });

export const versionSchema = z.object({ version: z.string().max(100) });

/** What stands in the queue, or has been there; the newer the higher its number. */
export const queueItemSchema = z.looseObject({
  item_id: z.number().int(),
  status: z.enum(['pending', 'in_progress', 'waiting', 'completed', 'failed', 'canceled']),
  error_type: z.string().nullish().catch(null),
  error_message: z.string().nullish().catch(null),
});
export type QueueItem = z.infer<typeof queueItemSchema>;
export const queueItemsSchema = z.array(queueItemSchema);

/** One with what its nodes gave, by ids of the server's own. */
export const endedItemSchema = queueItemSchema.extend({
  session: z.looseObject({
    results: z.record(
      z.string(),
      z.looseObject({
        image: z
          .looseObject({ image_name: z.string().min(1).max(1_000) })
          .optional()
          .catch(undefined),
      }),
    ),
  }),
});

export const enqueuedSchema = z.object({ enqueued: z.number().int() });
export const uploadedSchema = z.object({ image_name: z.string().min(1).max(1_000) });

const placeSchema = z.array(z.union([z.string(), z.number()])).catch([]);
/** Why something was not taken: FastAPI's own form, with a place for each, or a sentence. */
export const refusedSchema = z.looseObject({
  detail: z.union([z.string(), z.array(z.looseObject({ loc: placeSchema, msg: z.string().catch('') }))]),
});
