import { z } from 'zod';
import { idSchema, sha256Schema } from '../../../../contract/identity.ts';
import type { RecordKind } from '../../../../contract/record.ts';

/** Places are shares of the picture's width and height; a stroke may begin and end outside of it. */
const placeSchema = z.number().min(-4).max(5);

const strokeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('line'),
    erases: z.boolean(),
    /** A share of the picture's longer side. */
    radius: z.number().positive().max(1),
    /** x and y of each point in turn. */
    points: z.array(placeSchema).min(2),
  }),
  z.object({
    type: z.literal('rectangle'),
    erases: z.boolean(),
    left: placeSchema,
    top: placeSchema,
    width: z.number().min(0).max(5),
    height: z.number().min(0).max(5),
  }),
  z.object({ type: z.literal('invert') }),
  z.object({ type: z.literal('clear') }),
]);
/** One thing done to a mask, which undo takes back as a whole. */
export type MaskStroke = z.infer<typeof strokeSchema>;

const maskSchema = z.object({
  /** The picture it lies on, and its library item. */
  sha256: sha256Schema,
  itemId: idSchema,
  title: z.string(),
  /** Of that picture, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  strokes: z.array(strokeSchema),
});
/** What is painted over one picture. */
export type PictureMask = z.infer<typeof maskSchema>;

/** The masks of the pictures painted last, the newest first, as the browser keeps them. */
export const masksRecord: RecordKind<{ readonly masks: readonly PictureMask[] }> = {
  name: 'masks',
  version: 1,
  schema: z.object({ masks: z.array(maskSchema) }),
  steps: [],
};
