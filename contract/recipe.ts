import { z } from 'zod';
import { sha256Schema } from './identity.ts';
import type { RecordKind } from './record.ts';

const shapedSchedulers = ['euler', 'heun', 'dpmpp-2m', 'dpmpp-2m-sde', 'dpmpp-sde', 'unipc'] as const;
const schedulerKinds = ['ddim', 'pndm', 'euler-ancestral', ...shapedSchedulers, 'lcm', 'tcd', 'flow-match-euler'] as const;
export type SchedulerKind = (typeof schedulerKinds)[number];
/** How noise levels are spread where not as the model was trained. */
const sigmaShapes = ['karras', 'exponential', 'beta'] as const;
export type SigmaShape = (typeof sigmaShapes)[number];

/** A scheduler by its kind, and by its shape where it has one: euler, euler-karras. */
export const schedulerNameSchema = z.enum([
  ...schedulerKinds,
  ...shapedSchedulers.flatMap((kind) => sigmaShapes.map((shape) => `${kind}-${shape}` as const)),
]);
export type SchedulerName = z.infer<typeof schedulerNameSchema>;

/** What a name says; a shape of null spreads the levels as the model was trained. */
export function readSchedulerName(name: SchedulerName): { readonly kind: SchedulerKind; readonly shape: SigmaShape | null } {
  for (const kind of schedulerKinds) {
    if (name === kind) return { kind, shape: null };
    const shape = sigmaShapes.find((one) => name === `${kind}-${one}`);
    if (shape) return { kind, shape };
  }
  throw new Error(`no scheduler is called ${name}`);
}

/** A PyTorch generator takes 64 bits and uses the low 32; the studio offers what a JavaScript number holds exactly. */
export const seedSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Pictures of one order. */
export const mostPicturesAtOnce = 64;

/**
 * How weights of tokens change what a text encoder says, named after the program that computes it so: AUTOMATIC1111 scales what is weighed and
 * then restores the mean of all; ComfyUI moves it along the line from what an empty text says; compel does the same, and blends a text that has
 * weights below 1 with itself without those words.
 */
export const emphasisSchema = z.enum(['a1111', 'comfyui', 'compel']);
export type Emphasis = z.infer<typeof emphasisSchema>;

/** What the artist sets. Absent fields take the pack's defaults. */
export const generateSettingsSchema = z.object({
  steps: z.number().int().min(1).max(200).optional(),
  /** Classifier-free guidance scale; 1 or less runs the prompt alone. */
  guidance: z.number().min(0).max(30).optional(),
  /** Share of the guided answer that is brought back to the contrast of the prompt's own, 0..1; absent: none. Counts where guidance does. */
  guidanceRescale: z.number().min(0).max(1).optional(),
  /** Absent: a fresh random seed, written into the recipe. */
  seed: seedSchema.optional(),
  /** Picture i uses seed + i. */
  count: z.number().int().min(1).max(mostPicturesAtOnce).optional(),
  scheduler: schedulerNameSchema.optional(),
  negative: z.string().max(100_000).optional(),
  /** What the second text encoder reads, for models that have one of its own; absent: the same text. */
  secondPrompt: z.string().max(100_000).optional(),
  /** Layers that are left out at the end of the CLIP text encoders for the prompt, besides those a model leaves out anyway; absent: none. */
  clipSkip: z.number().int().min(0).max(12).optional(),
  /** Whose way of reading weights it is; absent: AUTOMATIC1111's. */
  emphasis: emphasisSchema.optional(),
  width: z.number().int().min(8).max(4096).optional(),
  height: z.number().int().min(8).max(4096).optional(),
  /** A picture to begin with, of which `strength` is drawn anew; with a mask, a picture of its size, only where that is white. */
  init: z
    .object({ imageSha256: sha256Schema, strength: z.number().min(0).max(1), maskSha256: sha256Schema.optional() })
    .optional(),
});
export type GenerateSettings = z.infer<typeof generateSettingsSchema>;

/** Settings that are absent where they are not used, in a recipe as in what is asked for. */
export interface DrawingOptions {
  readonly guidanceRescale?: number;
  readonly secondPrompt?: string;
  readonly clipSkip?: number;
  readonly emphasis?: Emphasis;
}

/** These of settings or a recipe. */
export function drawingOptionsOf({
  guidanceRescale,
  secondPrompt,
  clipSkip,
  emphasis,
}: Pick<GenerateSettings, keyof DrawingOptions>): DrawingOptions {
  return {
    ...(guidanceRescale === undefined ? {} : { guidanceRescale }),
    ...(secondPrompt === undefined ? {} : { secondPrompt }),
    ...(clipSkip === undefined ? {} : { clipSkip }),
    ...(emphasis === undefined ? {} : { emphasis }),
  };
}

/** A second text that a picture was drawn between: what both tell the decoder, mixed number by number. */
export const mixedPromptSchema = z.object({
  text: z.string(),
  /** As the recipe's own. */
  tokenIds: z.array(z.number().int().nonnegative()),
  tokenWeights: z.array(z.number()),
  /** Of this one: 0 is the first text alone, 1 this one. */
  share: z.number().min(0).max(1),
});
export type MixedPrompt = z.infer<typeof mixedPromptSchema>;

const initSchema = z.object({ imageSha256: sha256Schema, strength: z.number(), maskSha256: sha256Schema.optional() }).nullable();

/** Of recipes as they are written today; `recipeRecord` says how older ones are read. */
export const recipeVersion = 7 as const;

/** Everything needed to make one picture again with a pack on this machine, bit for bit on the same device. */
export const localRecipeSchema = z.object({
  schemaVersion: z.literal(recipeVersion),
  kind: z.literal('local'),
  pack: z.object({ id: z.string(), version: z.string(), manifestSha256: sha256Schema }),
  /** Exact ids fed to the text encoder, without begin, end and padding. */
  tokenIds: z.array(z.number().int().nonnegative()),
  /** One emphasis per token; all 1 when nothing was weighed. */
  tokenWeights: z.array(z.number()),
  text: z.string(),
  /** Absent where the text was drawn alone. */
  mixed: mixedPromptSchema.optional(),
  negative: z.string(),
  steps: z.number().int().positive(),
  guidance: z.number(),
  /** Lowest timestep with guidance, as the pack has it; absent where every step had it. */
  guidanceFromTimestep: z.number().optional(),
  /** These four as the settings say; absent where they were not used. */
  guidanceRescale: z.number().optional(),
  secondPrompt: z.string().optional(),
  clipSkip: z.number().int().optional(),
  emphasis: emphasisSchema.optional(),
  seed: seedSchema,
  scheduler: schedulerNameSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  init: initSchema,
  device: z.string(),
  /** Studio and ONNX Runtime versions, because bits can differ between releases. */
  versions: z.object({ studio: z.string(), onnxruntime: z.string() }),
});
export type LocalRecipe = z.infer<typeof localRecipeSchema>;

/** What another tool was asked for and what it said: enough to ask it again, though what it draws then is its own affair. */
export const toolRecipeSchema = z.object({
  schemaVersion: z.literal(recipeVersion),
  kind: z.literal('tool'),
  /** The kind of tool, such as "comfyui". */
  tool: z.string(),
  /** The host of its address, with the port where one was given. */
  host: z.string(),
  model: z.string(),
  /** The text as it was sent. */
  text: z.string(),
  /** The other parameters as they were sent, under the tool's own names. */
  parameters: z.record(z.string(), z.unknown()),
  /** What the tool said of the picture, without its bytes. */
  answer: z.record(z.string(), z.unknown()),
  /** Null for a tool that tells none. */
  seed: seedSchema.nullable(),
  init: initSchema,
});
export type ToolRecipe = z.infer<typeof toolRecipeSchema>;

/** How a picture was drawn: by a pack on this machine, or by another tool. */
export const recipeSchema = z.discriminatedUnion('kind', [localRecipeSchema, toolRecipeSchema]);
export type Recipe = z.infer<typeof recipeSchema>;

/** Version 1 knew pictures of local packs only. */
function nameLocal(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 2, kind: 'local' };
}

/** Version 2 was given more schedulers and guidance from a timestep on while it stood, and a studio before that drew other pictures from it. */
function knowMore(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 3 };
}

/** A studio of version 3 would leave the second prompt, the layers left out and the rescaled guidance away, and draw another picture. */
function tellTextOptions(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 4 };
}

/** A studio of version 4 would draw the first of two mixed texts alone. */
function knowMixed(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 5 };
}

/** A studio of version 5 would leave the mask away, and draw all of the first picture anew. */
function tellMask(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 6 };
}

/** A studio of version 6 would read weights as AUTOMATIC1111 does, whoever's way was chosen. */
function tellEmphasis(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), schemaVersion: 7 };
}

export const recipeRecord: RecordKind<Recipe> = {
  name: 'recipe',
  version: recipeVersion,
  schema: recipeSchema,
  steps: [nameLocal, knowMore, tellTextOptions, knowMixed, tellMask, tellEmphasis],
};

/** Likeness of reconstructions to their original by the pack's scorer, 0..1: on the pack's own scale, or the cosine clamped where it has none. */
export const fidelitySchema = z.object({
  mean: z.number().min(0).max(1),
  /** Sample standard deviation over the pictures; 0 for one picture. */
  spread: z.number().min(0),
  perSeed: z.array(z.object({ seed: seedSchema, fidelity: z.number().min(0).max(1) })),
});
export type Fidelity = z.infer<typeof fidelitySchema>;
