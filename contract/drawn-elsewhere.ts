import { z } from 'zod';
import { idSchema } from './identity.ts';
import { libraryItemSchema } from './library.ts';

/** A picture of the library that a person had drawn by a tool which the studio cannot ask, such as Midjourney. */
export const drawnElsewhereSchema = z.object({
  itemId: idSchema,
  /** Whether it is four pictures, two and two: seen, or said. */
  cut: z.enum(['auto', 'grid', 'whole']).default('auto'),
  /** The text it was drawn from; absent: found by what stands in its file, or by its name. */
  promptItemId: idSchema.optional(),
});

/** What became of it. */
export const takenElsewhereSchema = z.object({
  /** The text it was drawn from; null where only its file says one, which the library does not have. */
  prompt: z.object({ itemId: idSchema, text: z.string(), by: z.enum(['text', 'name', 'person']) }).nullable(),
  /** The pictures as drawings, one, or the four of a grid row by row. */
  items: z.array(libraryItemSchema).min(1),
});
export type TakenElsewhere = z.infer<typeof takenElsewhereSchema>;
