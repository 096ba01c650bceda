import { z } from 'zod';
import { patchGridSchema } from './reading.ts';
import { schedulerNameSchema } from './recipe.ts';
import { sha256Schema } from './identity.ts';
import type { RecordKind } from './record.ts';

/** A path inside the pack: forward slashes, no way out of the folder. */
const packPathSchema = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'), 'a path inside the pack');

/** How an image becomes a model's input: resize, crop, scale to 0..1, then (x − mean) ÷ std per channel. */
export const imageInputSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  resample: z.enum(['bilinear', 'bicubic', 'lanczos']),
  /** crop: short side to size, then the centre. stretch: both sides to size. */
  fit: z.enum(['crop', 'stretch']),
});
export type ImageInput = z.infer<typeof imageInputSchema>;

const graphSchema = z.object({ file: packPathSchema });

export const encoderRoleSchema = z.object({
  /** `pixel_values` float32 [B,3,H,W] → `last_hidden_state` float32 [B,P,D]. */
  backbone: graphSchema,
  /** Per length L: `image_features` [B,P,D] → `token_ids` int64 [B,L,K], `token_probs` float32 [B,L,K], `attention` float32 [B,L,P]. */
  heads: z.record(z.string().regex(/^[1-9]\d*$/), graphSchema),
  tokenizer: packPathSchema,
  image: imageInputSchema,
  patchGrid: patchGridSchema,
  topK: z.number().int().positive(),
});
export type EncoderRole = z.infer<typeof encoderRoleSchema>;

/** Numbers of tokens an encoder reads at, ascending. */
export function lengthsOf({ heads }: EncoderRole): number[] {
  return Object.keys(heads)
    .map(Number)
    .sort((a, b) => a - b);
}

export const decoderRoleSchema = z.object({
  layout: z.literal('diffusers'),
  folder: packPathSchema,
  image: z.object({
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    multipleOf: z.number().int().positive(),
  }),
  defaults: z.object({
    steps: z.number().int().positive(),
    guidance: z.number().nonnegative(),
    scheduler: schedulerNameSchema,
    negative: z.string(),
  }),
});
export type DecoderRole = z.infer<typeof decoderRoleSchema>;

/** CLIP's interface: `pixel_values` → `image_embeds`, `input_ids` → `text_embeds`. */
export const scorerRoleSchema = z.object({
  vision: packPathSchema,
  text: packPathSchema,
  tokenizer: packPathSchema,
  image: imageInputSchema,
});
export type ScorerRole = z.infer<typeof scorerRoleSchema>;

/** pack.json. Unknown keys are dropped, so that a newer pack of the same schema version still loads. */
export const packManifestSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string(),
  version: z.string(),
  summary: z.string(),
  licence: z.object({ spdx: z.string(), file: packPathSchema, notice: z.string() }),
  source: z.object({ repository: z.string(), revision: z.string(), command: z.string(), seed: z.number().int() }),
  roles: z.object({
    encoder: encoderRoleSchema.optional(),
    decoder: decoderRoleSchema.optional(),
    scorer: scorerRoleSchema.optional(),
  }),
  /** What the pack can and cannot describe, in sentences an artist reads; absent where nobody has said. */
  world: z
    .object({
      describes: z.array(z.string()),
      cannot: z.array(z.string()),
      objects: z.array(z.object({ word: z.string(), category: z.string() })),
      styles: z.array(z.string()),
      backdrops: z.array(z.string()),
      colours: z.array(z.string()),
    })
    .optional(),
  /** Absent where nobody has measured them. */
  limits: z.object({ minImageSide: z.number().int().positive(), maxTokens: z.number().int().positive() }).optional(),
  minimumMemoryMb: z.number().positive(),
  samples: z.array(z.object({ file: packPathSchema, title: z.string() })).default([]),
  files: z.array(z.object({ path: packPathSchema, bytes: z.number().int().nonnegative(), sha256: sha256Schema })),
});
export type PackManifest = z.infer<typeof packManifestSchema>;

export const packManifestRecord: RecordKind<PackManifest> = {
  name: 'pack',
  version: 1,
  schema: packManifestSchema,
  steps: [],
};

export const packSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  summary: z.string(),
  bytes: z.number(),
  lengths: z.array(z.number().int()),
  roles: z.array(z.enum(['encoder', 'decoder', 'scorer'])),
  licence: z.string(),
  embedded: z.boolean(),
});
export type PackSummary = z.infer<typeof packSummarySchema>;

/** One finding per file that is not what the manifest says. An empty list means the pack is whole. */
export const packVerificationSchema = z.object({
  id: z.string(),
  ok: z.boolean(),
  checked: z.number().int(),
  problems: z.array(
    z.object({
      path: z.string(),
      problem: z.enum(['missing', 'size', 'sha256']),
      expected: z.string(),
      actual: z.string(),
    }),
  ),
});
export type PackVerification = z.infer<typeof packVerificationSchema>;

/** Every pack on this machine, what is wrong with folders that cannot be used, and where an artist puts their own. */
export const packOverviewSchema = z.object({
  packs: z.array(packSummarySchema),
  problems: z.array(z.object({ folder: z.string(), message: z.string() })),
  /** Absolute path of the folder for own packs; it need not exist yet. */
  folder: z.string(),
});
export type PackOverview = z.infer<typeof packOverviewSchema>;

/** A check as it goes on: bytes hashed of all bytes, then what was found. */
export const packCheckEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), doneBytes: z.number().nonnegative(), totalBytes: z.number().nonnegative() }),
  z.object({ type: z.literal('done'), verification: packVerificationSchema }),
]);
export type PackCheckEvent = z.infer<typeof packCheckEventSchema>;

/** How well the pack's own texts do at one length, on scenes it never saw. Shares and similarities are 0..1. */
export const packMeasurementSchema = z.object({
  length: z.number().int().positive(),
  /** Pictures measured. */
  scenes: z.number().int().positive(),
  /** Share of objects whose word is in the text. */
  objectWordRecall: z.number().min(0).max(1),
  /** Of the redrawn picture to the original, by the pack's scorer, and its standard deviation. */
  similarity: z.number().min(-1).max(1),
  similaritySpread: z.number().nonnegative(),
  /** Mean absolute difference of pixels, 0..1. */
  pixelError: z.number().min(0).max(1),
});
export type PackMeasurement = z.infer<typeof packMeasurementSchema>;
