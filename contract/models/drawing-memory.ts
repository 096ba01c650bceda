import { z } from 'zod';
import { generateSettingsSchema } from '../recipe.ts';

/** What of a drawing tells how much memory it takes. What is absent is the pack's own. */
export const drawingMemoryQuestionSchema = generateSettingsSchema
  .pick({ width: true, height: true, count: true, guidance: true })
  .extend({ packId: z.string().optional() });
export type DrawingMemoryQuestion = z.infer<typeof drawingMemoryQuestionSchema>;

/** Whether a drawing fits into memory, reckoned from the sizes of the graphs and of the picture before anything is loaded. */
export const drawingMemorySchema = z.object({
  /**
   * `too-much`: over what the studio may use, so that it will be refused. `short`: over what is free now, so that the machine would come to a crawl.
   * `close`: more than four fifths of what there is.
   */
  verdict: z.enum(['fits', 'close', 'short', 'too-much']),
  /** At the least. */
  needBytes: z.number().nonnegative(),
  /** What the studio may use, or what is free now where that is less. */
  haveBytes: z.number().nonnegative(),
  /** The largest picture of the same shape that would fit; null where none does, and where this one does. */
  smaller: z.object({ width: z.number().int().positive(), height: z.number().int().positive() }).nullable(),
});
export type DrawingMemory = z.infer<typeof drawingMemorySchema>;

/** A graph of a pack, as its own file says. */
export const packGraphSchema = z.object({
  /** In the pack. */
  path: z.string(),
  /** With the data beside it. */
  bytes: z.number().nonnegative(),
  /** What most of its weights are stored in; null where it has none, or none of these. */
  precision: z.enum(['fp32', 'fp16', 'bf16', 'int8', 'int4']).nullable(),
});
export type PackGraph = z.infer<typeof packGraphSchema>;
