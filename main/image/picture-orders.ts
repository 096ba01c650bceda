import { z } from 'zod';
import { pictureMediaTypes } from '../../contract/picture-formats.ts';
import { errorBodySchema } from '../../contract/errors.ts';
import { metadataReadingSchema } from '../../contract/texts/metadata.ts';
import type { ImageInput } from '../../contract/models/pack.ts';

/**
 * What a process and its picture process say to each other, over Node's IPC channel with `serialization: 'advanced'`, so that
 * bytes and typed arrays arrive as they left. Each side parses what it receives: whoever takes a picture process over by a
 * picture can answer nothing else than what stands here. The forms of packs and items are not loaded for it: their schemas would
 * take longer than everything else at its start.
 */

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const pixelsSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  channels: z.literal(3),
  data: bytesSchema,
});
const limitsSchema = z.object({ maxBytes: z.number(), maxPixels: z.number(), minSide: z.number() }).readonly();
const fitSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  resample: z.enum(['bilinear', 'bicubic', 'lanczos']),
  fit: z.enum(['crop', 'stretch']),
}) satisfies z.ZodType<Omit<ImageInput, 'mean' | 'std'>>;

/** A file's path, or its bytes; `name` is what messages call it. */
const fileSchema = z.object({ source: z.union([z.string().min(1), bytesSchema]), name: z.string(), limits: limitsSchema });
const fileOrPixelsSchema = fileSchema.extend({ source: z.union([z.string().min(1), bytesSchema, pixelsSchema]) });
export type PictureFile = z.infer<typeof fileSchema>;
export type FileOrPixels = z.infer<typeof fileOrPixelsSchema>;

const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('facts'), file: fileSchema }),
  z.object({ kind: z.literal('fit'), file: fileOrPixelsSchema, fit: fitSchema }),
  z.object({ kind: z.literal('thumbnail'), file: fileSchema }),
  z.object({ kind: z.literal('shown'), file: fileSchema, target: z.string().min(1) }),
  z.object({ kind: z.literal('png'), pixels: pixelsSchema }),
  z.object({ kind: z.literal('metadata'), file: fileSchema }),
  z.object({ kind: z.literal('strip'), file: fileSchema }),
]);
/** What can be done with a picture. */
export type PictureOrder = z.infer<typeof orderSchema>;

const resultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('facts'),
    facts: z.object({
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      thumbhash: z.string(),
      mediaType: z.literal(pictureMediaTypes),
    }),
  }),
  z.object({ kind: z.literal('fit'), pixels: pixelsSchema }),
  z.object({ kind: z.literal('thumbnail'), bytes: bytesSchema }),
  z.object({ kind: z.literal('shown'), written: z.boolean() }),
  z.object({ kind: z.literal('png'), bytes: bytesSchema }),
  z.object({ kind: z.literal('metadata'), reading: metadataReadingSchema }),
  z.object({ kind: z.literal('strip'), bytes: bytesSchema, removed: z.array(z.string()) }),
]);
export type PictureResult = z.infer<typeof resultSchema>;

const orderIdSchema = z.number().int().nonnegative();

export const pictureCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('orders'), orders: z.array(z.object({ orderId: orderIdSchema, order: orderSchema })) }),
  /** Nobody wants it any more. */
  z.object({ type: z.literal('cancel'), orderId: orderIdSchema }),
]);
export type PictureCommand = z.infer<typeof pictureCommandSchema>;

const answerSchema = z.union([
  z.object({ orderId: orderIdSchema, result: resultSchema }),
  z.object({ orderId: orderIdSchema, error: errorBodySchema }),
  /** A fault of the studio, as its text. */
  z.object({ orderId: orderIdSchema, fault: z.string() }),
]);
export type PictureAnswer = z.infer<typeof answerSchema>;

export const pictureMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** Said once a second while it works, so that silence means that it hangs. */
  z.object({ type: z.literal('working') }),
  z.object({ type: z.literal('answers'), answers: z.array(answerSchema) }),
  /** Its last word: a limit was reached while it worked on these, and it ends itself. */
  z.object({
    type: z.literal('ending'),
    limit: z.enum(['time', 'memory', 'cancelled']),
    orderIds: z.array(orderIdSchema).min(1),
  }),
]);
export type PictureMessage = z.infer<typeof pictureMessageSchema>;
export type PictureEnding = Extract<PictureMessage, { type: 'ending' }>;
