import { z } from 'zod';
import { sha256Schema } from './identity.ts';
import type { RecordKind } from './record.ts';

export const schedulerNameSchema = z.enum(['ddim', 'euler', 'euler-ancestral', 'dpmpp-2m', 'dpmpp-2m-karras', 'lcm']);
export type SchedulerName = z.infer<typeof schedulerNameSchema>;

/** A PyTorch generator takes 64 bits and uses the low 32; the studio offers what a JavaScript number holds exactly. */
export const seedSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What the artist sets. Absent fields take the pack's defaults. */
export const generateSettingsSchema = z.object({
  steps: z.number().int().min(1).max(200).optional(),
  /** Classifier-free guidance scale; 1 or less runs the prompt alone. */
  guidance: z.number().min(0).max(30).optional(),
  /** Absent: a fresh random seed, written into the recipe. */
  seed: seedSchema.optional(),
  /** Picture i uses seed + i. */
  count: z.number().int().min(1).max(64).optional(),
  scheduler: schedulerNameSchema.optional(),
  negative: z.string().max(100_000).optional(),
  width: z.number().int().min(8).max(4096).optional(),
  height: z.number().int().min(8).max(4096).optional(),
  init: z.object({ imageSha256: sha256Schema, strength: z.number().min(0).max(1) }).optional(),
});
export type GenerateSettings = z.infer<typeof generateSettingsSchema>;

/** Everything needed to make one picture again, bit for bit on the same device. */
export const recipeSchema = z.object({
  schemaVersion: z.literal(1),
  pack: z.object({ id: z.string(), version: z.string(), manifestSha256: sha256Schema }),
  /** Exact ids fed to the text encoder, without begin, end and padding. */
  tokenIds: z.array(z.number().int().nonnegative()),
  /** One emphasis per token; all 1 when nothing was weighed. */
  tokenWeights: z.array(z.number()),
  text: z.string(),
  negative: z.string(),
  steps: z.number().int().positive(),
  guidance: z.number(),
  seed: seedSchema,
  scheduler: schedulerNameSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  init: z.object({ imageSha256: sha256Schema, strength: z.number() }).nullable(),
  device: z.string(),
  /** Studio and ONNX Runtime versions, because bits can differ between releases. */
  versions: z.object({ studio: z.string(), onnxruntime: z.string() }),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const recipeRecord: RecordKind<Recipe> = { name: 'recipe', version: 1, schema: recipeSchema, steps: [] };

/** Similarity of reconstructions to their original by the pack's scorer: cosine clamped to 0..1. */
export const fidelitySchema = z.object({
  mean: z.number().min(0).max(1),
  /** Sample standard deviation over the pictures; 0 for one picture. */
  spread: z.number().min(0),
  perSeed: z.array(z.object({ seed: seedSchema, fidelity: z.number().min(0).max(1) })),
});
export type Fidelity = z.infer<typeof fidelitySchema>;
