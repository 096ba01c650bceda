import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { libraryItemSchema } from './library.ts';
import { promptDocumentSchema } from './prompt.ts';
import { fidelitySchema, generateSettingsSchema } from './recipe.ts';

/** A prompt to draw: a document (exact ids) or plain text (tokenised by the decoder's tokenizer). */
export const promptSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('document'), document: promptDocumentSchema }),
  z.object({ type: z.literal('text'), text: z.string().max(100_000) }),
]);
export type PromptSource = z.infer<typeof promptSourceSchema>;

export const encodeRequestSchema = z.object({
  kind: z.literal('encode'),
  packId: z.string().optional(),
  imageSha256s: z.array(sha256Schema).min(1).max(10_000),
  lengths: z.array(z.number().int().positive()).min(1),
  topK: z.number().int().min(1).max(50).optional(),
});
export const generateRequestSchema = z.object({
  kind: z.literal('generate'),
  packId: z.string().optional(),
  prompt: promptSourceSchema,
  settings: generateSettingsSchema,
  /** The picture to compare with; with it the result carries a fidelity. */
  originalSha256: sha256Schema.optional(),
  /** Library item ids this was made from. */
  parents: z.array(idSchema).default([]),
});
export const roundtripRequestSchema = z.object({
  kind: z.literal('roundtrip'),
  packId: z.string().optional(),
  imageSha256: sha256Schema,
  lengths: z.array(z.number().int().positive()).min(1),
  settings: generateSettingsSchema,
});
export const jobRequestSchema = z.discriminatedUnion('kind', [
  encodeRequestSchema,
  generateRequestSchema,
  roundtripRequestSchema,
]);
export type EncodeRequest = z.infer<typeof encodeRequestSchema>;
export type GenerateRequest = z.infer<typeof generateRequestSchema>;
export type RoundtripRequest = z.infer<typeof roundtripRequestSchema>;
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** The texts of one image, one document a length; or why it has none. A bad image does not stop the others. */
export const encodedImageSchema = z.object({
  imageSha256: sha256Schema,
  documents: z.array(z.object({ itemId: idSchema, document: promptDocumentSchema })),
  error: errorBodySchema.nullable(),
});
export type EncodedImage = z.infer<typeof encodedImageSchema>;

export const encodeResultSchema = z.object({ kind: z.literal('encode'), images: z.array(encodedImageSchema) });
export const generateResultSchema = z.object({
  kind: z.literal('generate'),
  items: z.array(libraryItemSchema),
  fidelity: fidelitySchema.nullable(),
});
export const roundtripResultSchema = z.object({
  kind: z.literal('roundtrip'),
  rounds: z.array(
    z.object({
      itemId: idSchema,
      document: promptDocumentSchema,
      items: z.array(libraryItemSchema),
      fidelity: fidelitySchema,
    }),
  ),
});
export const jobResultSchema = z.discriminatedUnion('kind', [encodeResultSchema, generateResultSchema, roundtripResultSchema]);
export type EncodeResult = z.infer<typeof encodeResultSchema>;
export type GenerateResult = z.infer<typeof generateResultSchema>;
export type RoundtripResult = z.infer<typeof roundtripResultSchema>;
export type JobResult = z.infer<typeof jobResultSchema>;

/** What a job is doing now. `fraction` is 0..1 over the whole job and never falls. */
export const jobProgressSchema = z.object({
  fraction: z.number().min(0).max(1),
  phase: z.enum(['waiting', 'loading', 'encoding', 'denoising', 'decoding', 'scoring', 'saving']),
  step: z.number().int().nonnegative(),
  steps: z.number().int().nonnegative(),
  remainingMs: z.number().nonnegative().nullable(),
  /** URL of the newest preview picture, or null. */
  previewUrl: z.string().nullable(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

export const jobStateSchema = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);

export const jobSchema = z.object({
  id: idSchema,
  request: jobRequestSchema,
  state: jobStateSchema,
  createdMs: timestampMsSchema,
  startedMs: timestampMsSchema.nullable(),
  endedMs: timestampMsSchema.nullable(),
  /** How often it was started; a second time only after a crash or a restart the input did not cause. */
  attempts: z.number().int().nonnegative(),
  progress: jobProgressSchema,
  result: jobResultSchema.nullable(),
  error: errorBodySchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;
