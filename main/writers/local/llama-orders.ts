import { z } from 'zod';

/** What the process of a model in a file is asked for: one answer, and then it ends. */
export const llamaOrderSchema = z.object({
  /** Where node-llama-cpp lies, as an address of a file. */
  library: z.url(),
  model: z.string(),
  /** Cores it may keep busy. */
  threads: z.number().int().positive(),
  contextTokens: z.number().int().positive(),
  answerTokens: z.number().int().positive(),
  temperature: z.number().nonnegative(),
  system: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })).min(1),
  /** A JSON schema that the answer is held to. */
  schema: z.record(z.string(), z.unknown()),
});
export type LlamaOrder = z.infer<typeof llamaOrderSchema>;

export const llamaMessageSchema = z.discriminatedUnion('type', [
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
export type LlamaMessage = z.infer<typeof llamaMessageSchema>;
