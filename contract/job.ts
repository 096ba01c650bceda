import { z } from 'zod';
import { connectionIdSchema } from './outside/connection.ts';
import { errorBodySchema } from './errors.ts';
import { installAgreementSchema, installChoiceSchema, installSourceSchema } from './models/install.ts';
import { idSchema, sha256Schema, timestampMsSchema } from './identity.ts';
import { libraryItemSchema } from './library.ts';
import { packLimits } from './models/pack-limits.ts';
import { readerChoiceSchema, searchLossSchema } from './texts/reader-choice.ts';
import { pictureRegionSchema } from './texts/reading.ts';
import { matrixRequestSchema, matrixResultSchema } from './texts/matrix.ts';
import { refineBlendRequestSchema, refineBlendResultSchema } from './texts/refine-blend.ts';
import { promptComparisonSchema, promptDocumentSchema } from './texts/prompt.ts';
import { fidelitySchema, generateSettingsSchema } from './recipe.ts';

/** A prompt to draw: a document (exact ids) or plain text (tokenised by the decoder's tokenizer). */
export const promptSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('document'), document: promptDocumentSchema }),
  z.object({ type: z.literal('text'), text: z.string().max(100_000) }),
]);
export type PromptSource = z.infer<typeof promptSourceSchema>;

/** Each of a pack's lengths once, however often it is named: what is read twice says the same. */
const lengthsSchema = z
  .array(z.number().int().positive())
  .overwrite((lengths) => [...new Set(lengths)])
  .min(1)
  .max(packLimits.lengths);

export const encodeRequestSchema = z.object({
  kind: z.literal('encode'),
  packId: z.string().optional(),
  imageSha256s: z.array(sha256Schema).min(1).max(10_000),
  lengths: lengthsSchema,
  topK: z.number().int().min(1).max(50).optional(),
  /** Absent: the pack's own encoder. */
  reader: readerChoiceSchema.optional(),
  /** The part of each picture that is read; absent: all of it. */
  region: pictureRegionSchema.optional(),
});
export const generateRequestSchema = z.object({
  kind: z.literal('generate'),
  packId: z.string().optional(),
  /** The tool that draws instead of the pack; what it draws is not compared with an original. */
  connectionId: connectionIdSchema.optional(),
  prompt: promptSourceSchema,
  /** Another text, of which a share is mixed into what the decoder is told; 0 is the prompt alone. No tool takes one. */
  mixWith: z.object({ prompt: promptSourceSchema, share: z.number().min(0).max(1) }).optional(),
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
  lengths: lengthsSchema,
  settings: generateSettingsSchema,
});
/** Works through a batch (batch.ts); the studio makes it itself when a batch has something to do. */
export const batchRequestSchema = z.object({ kind: z.literal('batch'), batchId: idSchema, name: z.string() });
/**
 * How texts are drawn to be measured: `count` seeds from `seed` on, the same for every text, so that only the words differ.
 * An initial picture would hide what the words do.
 */
export const measureSettingsSchema = generateSettingsSchema
  .omit({ init: true })
  .extend({ count: z.number().int().min(1).max(8).optional() });
export type MeasureSettings = z.infer<typeof measureSettingsSchema>;

/** Leave one out: what each content word adds to the fidelity of the text's pictures. */
export const wordValuesRequestSchema = z.object({
  kind: z.literal('word-values'),
  packId: z.string().optional(),
  document: promptDocumentSchema,
  originalSha256: sha256Schema,
  settings: measureSettingsSchema,
});
/** Locked words stay; the others are searched anew among what the encoder reads in the picture at their places. */
export const reSolveRequestSchema = z.object({
  kind: z.literal('re-solve'),
  packId: z.string().optional(),
  document: promptDocumentSchema,
  originalSha256: sha256Schema,
  settings: measureSettingsSchema,
  /**
   * What decides between words. `redraws`: pictures drawn from the text, compared with the original. `loss`: the decoder's own loss on the original,
   * without drawing; much faster, and blind to what the decoder hardly draws.
   */
  judge: z.enum(['redraws', 'loss']),
  /** Pictures that may be drawn for the search, or losses that may be asked for. */
  budget: z.number().int().min(2).max(65_536),
});
/** Reads a picture that was drawn from `document` and lays what was heard beside what was said. */
export const driftRequestSchema = z.object({
  kind: z.literal('drift'),
  packId: z.string().optional(),
  document: promptDocumentSchema,
  imageSha256: sha256Schema,
});
/** Brings a pack; what a person agreed to is checked against what is found. Cancelling keeps what came, for another try. */
export const installRequestSchema = z.object({
  kind: z.literal('install'),
  packId: z.string(),
  name: z.string(),
  source: installSourceSchema,
  choice: installChoiceSchema.default({}),
  agreed: installAgreementSchema,
});
export const jobRequestSchema = z.discriminatedUnion('kind', [
  encodeRequestSchema,
  generateRequestSchema,
  roundtripRequestSchema,
  batchRequestSchema,
  wordValuesRequestSchema,
  reSolveRequestSchema,
  driftRequestSchema,
  installRequestSchema,
  matrixRequestSchema,
  refineBlendRequestSchema,
]);
export type InstallRequest = z.infer<typeof installRequestSchema>;
export type EncodeRequest = z.infer<typeof encodeRequestSchema>;
export type GenerateRequest = z.infer<typeof generateRequestSchema>;
export type RoundtripRequest = z.infer<typeof roundtripRequestSchema>;
export type BatchRequest = z.infer<typeof batchRequestSchema>;
export type WordValuesRequest = z.infer<typeof wordValuesRequestSchema>;
export type ReSolveRequest = z.infer<typeof reSolveRequestSchema>;
export type DriftRequest = z.infer<typeof driftRequestSchema>;
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** A job that reads more pictures than this has no documents in its result, so that no result grows with their number. */
export const MOST_WITH_DOCUMENTS = 100;

/** The texts of one image, one a length; or why it has none. A bad image does not stop the others. */
export const encodedImageSchema = z.object({
  imageSha256: sha256Schema,
  /** The library's items with the texts, in the order of the lengths asked for. */
  itemIds: z.array(idSchema).default([]),
  /**
   * The texts themselves, with their loss where a search by the decoder's loss found them; none in a job of more than `MOST_WITH_DOCUMENTS` pictures,
   * where the library has them.
   */
  documents: z.array(z.object({ itemId: idSchema, document: promptDocumentSchema, loss: searchLossSchema.optional() })),
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
/** How many rows of the batch are done and failed by now. */
export const batchResultSchema = z.object({
  kind: z.literal('batch'),
  done: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
});
/** What one word adds: the fidelity of the whole text less that of the text without it, seed by seed. */
export const wordValueSchema = z.object({
  slotIds: z.array(idSchema).min(1),
  text: z.string(),
  /** Mean over the seeds, −1..1; below 0 the text is nearer to the picture without the word. */
  value: z.number().min(-1).max(1),
  /** Sample standard deviation over the seeds; 0 for one seed. */
  spread: z.number().min(0),
});
export type WordValue = z.infer<typeof wordValueSchema>;

export const wordValuesResultSchema = z.object({
  kind: z.literal('word-values'),
  /** Of the whole text. */
  fidelity: fidelitySchema,
  /** Content words in the order of the text. */
  words: z.array(wordValueSchema),
});
export const reSolveResultSchema = z.object({
  kind: z.literal('re-solve'),
  document: promptDocumentSchema,
  /** By the seeds that guided a search by redraws: there `after.mean` is never below `before.mean`. */
  before: fidelitySchema,
  after: fidelitySchema,
  /** By seeds the search has not seen: whether the gain holds for other pictures. */
  check: z.object({ before: fidelitySchema, after: fidelitySchema }),
  comparison: promptComparisonSchema,
  /** Pictures drawn for it. */
  drawn: z.number().int().nonnegative(),
  /** Null where redraws decided. */
  loss: searchLossSchema.nullable(),
});
export const driftResultSchema = z.object({
  kind: z.literal('drift'),
  /** The library item that holds what was heard. */
  itemId: idSchema,
  heard: promptDocumentSchema,
  /** Before: what was said; after: what was heard. */
  comparison: promptComparisonSchema,
});
export const installResultSchema = z.object({
  kind: z.literal('install'),
  packId: z.string(),
  /** Bytes that came over the network, those of them that had to come again, and those that were on this machine already. */
  fetchedBytes: z.number().nonnegative(),
  droppedBytes: z.number().nonnegative(),
  takenBytes: z.number().nonnegative(),
  /** A sentence for each thing that could not be known of it. */
  notes: z.array(z.string()),
});
export const jobResultSchema = z.discriminatedUnion('kind', [
  encodeResultSchema,
  generateResultSchema,
  roundtripResultSchema,
  batchResultSchema,
  wordValuesResultSchema,
  reSolveResultSchema,
  driftResultSchema,
  installResultSchema,
  matrixResultSchema,
  refineBlendResultSchema,
]);
export type InstallResult = z.infer<typeof installResultSchema>;
export type EncodeResult = z.infer<typeof encodeResultSchema>;
export type GenerateResult = z.infer<typeof generateResultSchema>;
export type RoundtripResult = z.infer<typeof roundtripResultSchema>;
export type BatchResult = z.infer<typeof batchResultSchema>;
export type WordValuesResult = z.infer<typeof wordValuesResultSchema>;
export type ReSolveResult = z.infer<typeof reSolveResultSchema>;
/** Whether the judge that was asked for prefers the text that was found. */
export function isBetterSolved({ loss, before, after }: ReSolveResult): boolean {
  return loss === null ? after.mean > before.mean : loss.after < loss.before;
}
export type DriftResult = z.infer<typeof driftResultSchema>;
export type JobResult = z.infer<typeof jobResultSchema>;

/** What a job is doing now. `fraction` is 0..1 over the whole job and never falls. */
export const jobProgressSchema = z.object({
  fraction: z.number().min(0).max(1),
  phase: z.enum(['waiting', 'loading', 'encoding', 'denoising', 'decoding', 'scoring', 'saving', 'downloading', 'converting']),
  step: z.number().int().nonnegative(),
  steps: z.number().int().nonnegative(),
  remainingMs: z.number().nonnegative().nullable(),
  /** Of waiting at a server, while it is known: how much goes before. */
  ahead: z.number().int().nonnegative().optional(),
  /** Of a transfer, while it goes on; `step` and `steps` are megabytes then. */
  bytesPerSecond: z.number().nonnegative().optional(),
  /** Of a search for words: the best text so far. */
  text: z.string().optional(),
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
