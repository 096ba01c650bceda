import { z } from 'zod';

/** What every process of a model on this machine is asked for: one answer, and then it ends. */
const writingSchema = z.object({
  /** Cores it may keep busy. */
  threads: z.number().int().positive(),
  contextTokens: z.number().int().positive(),
  answerTokens: z.number().int().positive(),
  system: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })).min(1),
});

export const llamaOrderSchema = writingSchema.extend({
  /** Where node-llama-cpp lies, as an address of a file. */
  library: z.url(),
  model: z.string(),
  temperature: z.number().nonnegative(),
  /** A JSON schema that the answer is held to. */
  schema: z.record(z.string(), z.unknown()),
});
export type LlamaOrder = z.infer<typeof llamaOrderSchema>;

export const transformersOrderSchema = writingSchema.extend({
  /** Where its configs and its vocabulary are; its graphs lie below. */
  folder: z.string(),
  /** By their names in the library. */
  graphs: z.record(z.string(), z.string()),
});
export type TransformersOrder = z.infer<typeof transformersOrderSchema>;

export const localMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('piece'), text: z.string() }),
  z.object({
    type: z.literal('done'),
    text: z.string(),
    isWhole: z.boolean(),
    inputTokens: z.number().int().nonnegative(),
    outputTokens: z.number().int().nonnegative(),
  }),
  /** What the library says is wrong with the model, or with what it was asked. */
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);
export type LocalMessage = z.infer<typeof localMessageSchema>;
