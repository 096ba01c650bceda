import { z } from 'zod';
import { repositoryNameSchema, revisionSchema } from './catalogue.ts';
import { packLimits } from './pack-limits.ts';
import { folderPathSchema, nameSchema, packFilePathSchema } from './pack-paths.ts';
import { featuresRoleSchema } from './features-role.ts';
import { previewerRoleSchema } from './previewer-role.ts';
import { captionerRoleSchema, writerRoleSchema } from './text-roles.ts';
import { patchGridSchema } from '../texts/reading.ts';
import { schedulerNameSchema } from '../recipe.ts';
import { sha256Schema } from '../identity.ts';
import { deviceNameSchema } from '../studio-info.ts';
import type { RecordKind } from '../record.ts';

const textSchema = z.string().max(packLimits.textCharacters);
const textsSchema = z.array(textSchema).max(packLimits.listEntries);
const sideSchema = (most: number) => z.number().int().positive().max(most);

/** How an image becomes a model's input: resize, crop, scale to 0..1, then (x − mean) ÷ std per channel. */
export const imageInputSchema = z.object({
  width: sideSchema(packLimits.inputSidePixels),
  height: sideSchema(packLimits.inputSidePixels),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
  resample: z.enum(['bilinear', 'bicubic', 'lanczos']),
  /** crop: short side to size, then the centre. stretch: both sides to size. */
  fit: z.enum(['crop', 'stretch']),
});
export type ImageInput = z.infer<typeof imageInputSchema>;

const graphSchema = z.object({ file: packFilePathSchema });

const tooLong = `at most ${packLimits.longestLength} tokens`;

export const encoderRoleSchema = z.object({
  /** `pixel_values` float32 [B,3,H,W] → `last_hidden_state` float32 [B,P,D]. */
  backbone: graphSchema,
  /** Per length L: `image_features` [B,P,D] → `token_ids` int64 [B,L,K], `token_probs` float32 [B,L,K], `attention` float32 [B,L,P]. */
  heads: z
    .record(
      z
        .string()
        .regex(/^[1-9]\d*$/)
        .refine((length) => Number(length) <= packLimits.longestLength, tooLong),
      graphSchema,
    )
    .refine((heads) => Object.keys(heads).length > 0, 'an encoder needs a head')
    .refine((heads) => Object.keys(heads).length <= packLimits.lengths, `at most ${packLimits.lengths} heads`),
  tokenizer: folderPathSchema,
  image: imageInputSchema,
  patchGrid: patchGridSchema.refine(
    ({ rows, columns }) => rows * columns <= packLimits.patches,
    `at most ${packLimits.patches} patches`,
  ),
  topK: z.number().int().positive().max(packLimits.candidates),
  /**
   * `image_features` [B,P,D] and the `token_probs` of the head named here → `score` float32 [B], 0..1: how surely a picture
   * is of the kind that this encoder knows. Below `threshold` it is not. Absent where nobody has measured it.
   */
  inside: graphSchema.extend({ head: z.number().int().positive(), threshold: z.number().min(0).max(1) }).optional(),
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
  folder: folderPathSchema,
  image: z.object({
    width: sideSchema(packLimits.drawnSidePixels),
    height: sideSchema(packLimits.drawnSidePixels),
    multipleOf: sideSchema(packLimits.drawnSidePixels),
  }),
  defaults: z.object({
    steps: z.number().int().positive().max(packLimits.steps),
    guidance: z.number().nonnegative().max(packLimits.guidance),
    /** Lowest timestep (1000 is noise, 0 the picture) with guidance; below it the prompt runs alone. Absent: every step has it. */
    guidanceFromTimestep: z.number().min(0).max(1000).optional(),
    scheduler: schedulerNameSchema,
    negative: textSchema,
  }),
});
export type DecoderRole = z.infer<typeof decoderRoleSchema>;

/** CLIP's interface: `pixel_values` → `image_embeds`, `input_ids` → `text_embeds`. */
export const scorerRoleSchema = z.object({
  vision: packFilePathSchema,
  text: packFilePathSchema,
  tokenizer: folderPathSchema,
  image: imageInputSchema,
  /**
   * How likeness becomes fidelity; absent: the cosine clamped to 0..1. Similarity, structure and sharpness of the pictures as the scorer
   * sees them make a raw value, and the curve, straight between its points [raw, fidelity], gives it a scale a person reads.
   */
  fidelity: z
    .object({
      form: z.literal('similarity-structure-sharpness'),
      curve: z
        .array(z.tuple([z.number(), z.number().min(0).max(1)]))
        .min(2)
        .refine(
          (points) => points.every(([raw], index) => index === 0 || raw > (points[index - 1]?.[0] ?? raw)),
          'rising raw values',
        ),
    })
    .optional(),
});
export type ScorerRole = z.infer<typeof scorerRoleSchema>;

/** pack.json as it stands, each part for itself. */
const manifestFieldsSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: nameSchema,
  version: nameSchema,
  summary: textSchema,
  licence: z.object({ spdx: nameSchema, file: packFilePathSchema, notice: textSchema }),
  source: z.object({
    repository: textSchema,
    revision: textSchema,
    command: textSchema,
    seed: z.number().int(),
    /** Where a newer one is looked for: a repository of the hub, and the branch or tag that was asked for. `revision` is the commit. */
    hub: z
      .object({
        repository: repositoryNameSchema,
        revision: revisionSchema,
        /** What was chosen of it; absent where nothing had to be. */
        dtype: z.string().max(20).optional(),
        file: packFilePathSchema.optional(),
      })
      .optional(),
  }),
  roles: z.object({
    encoder: encoderRoleSchema.optional(),
    decoder: decoderRoleSchema.optional(),
    scorer: scorerRoleSchema.optional(),
    features: featuresRoleSchema.optional(),
    previewer: previewerRoleSchema.optional(),
    captioner: captionerRoleSchema.optional(),
    writer: writerRoleSchema.optional(),
  }),
  /** What the pack can and cannot describe, in sentences an artist reads; absent where nobody has said. */
  world: z
    .object({
      describes: textsSchema,
      cannot: textsSchema,
      objects: z.array(z.object({ word: nameSchema, category: nameSchema })).max(packLimits.listEntries),
      styles: textsSchema,
      backdrops: textsSchema,
      colours: textsSchema,
      /** By the number of tokens: for each place of such a text the words that stand there, likeliest first. A search without an encoder takes them. */
      places: z.record(z.string().regex(/^[1-9]\d*$/), z.array(z.array(nameSchema).max(packLimits.listEntries)).max(packLimits.longestLength)).optional(),
    })
    .optional(),
  /** Absent where nobody has measured them. */
  limits: z.object({ minImageSide: z.number().int().positive(), maxTokens: z.number().int().positive() }).optional(),
  minimumMemoryMb: z.number().positive(),
  samples: z
    .array(z.object({ file: packFilePathSchema, title: nameSchema }))
    .max(packLimits.samples)
    .default([]),
  /** Every file of the pack but pack.json: what is not named here is not part of it. */
  files: z
    .array(z.object({ path: packFilePathSchema, bytes: z.number().int().nonnegative(), sha256: sha256Schema }))
    .max(packLimits.files),
});

/** pack.json. Unknown keys are dropped, so that a newer pack of the same schema version still loads. */
export const packManifestSchema = manifestFieldsSchema.superRefine((manifest, context) => {
  const listed = manifest.files.map(({ path }) => path);
  const files = new Set(listed);
  if (files.size < listed.length) context.addIssue({ code: 'custom', path: ['files'], message: 'names a file twice' });
  for (const { path, file } of filesOfRoles(manifest)) {
    if (!files.has(file)) context.addIssue({ code: 'custom', path, message: `${file} is not among the files` });
  }
  const { encoder } = manifest.roles;
  const head = encoder?.inside?.head;
  if (encoder !== undefined && head !== undefined && encoder.heads[String(head)] === undefined) {
    const message = `${head} is none of the lengths the encoder has a head for (${lengthsOf(encoder).join(', ')})`;
    context.addIssue({ code: 'custom', path: ['roles', 'encoder', 'inside', 'head'], message });
  }
  for (const { path, folder } of foldersOfRoles(manifest)) {
    if (folder !== '.' && !listed.some((file) => file.startsWith(`${folder}/`)))
      context.addIssue({ code: 'custom', path, message: `${folder} holds none of the files` });
  }
});
export type PackManifest = z.infer<typeof packManifestSchema>;

interface Place {
  readonly path: (string | number)[];
}

/** Every file that is used by its name, and where the manifest names it. */
function filesOfRoles({ licence, roles, samples }: PackManifest): (Place & { readonly file: string })[] {
  const { encoder, scorer, features, previewer, captioner, writer } = roles;
  return [
    { path: ['licence', 'file'], file: licence.file },
    ...Object.entries(captioner?.graphs ?? {}).map(([name, file]) => ({ path: ['roles', 'captioner', 'graphs', name], file })),
    ...(writer?.layout === 'gguf' ? [{ path: ['roles', 'writer', 'file'], file: writer.file }] : []),
    ...(writer?.layout === 'transformers.js'
      ? Object.entries(writer.graphs).map(([name, file]) => ({ path: ['roles', 'writer', 'graphs', name], file }))
      : []),
    ...(encoder ? [{ path: ['roles', 'encoder', 'backbone', 'file'], file: encoder.backbone.file }] : []),
    ...Object.entries(encoder?.heads ?? {}).map(([length, { file }]) => ({ path: ['roles', 'encoder', 'heads', length], file })),
    ...(encoder?.inside ? [{ path: ['roles', 'encoder', 'inside', 'file'], file: encoder.inside.file }] : []),
    ...(scorer ? [{ path: ['roles', 'scorer', 'vision'], file: scorer.vision }] : []),
    ...(scorer ? [{ path: ['roles', 'scorer', 'text'], file: scorer.text }] : []),
    ...(features ? [{ path: ['roles', 'features', 'graph'], file: features.graph }] : []),
    ...(previewer ? [{ path: ['roles', 'previewer', 'graph'], file: previewer.graph }] : []),
    ...samples.map(({ file }, index) => ({ path: ['samples', index, 'file'], file })),
  ];
}

/** Every folder whose files are used by names that are known elsewhere. */
function foldersOfRoles({
  roles: { encoder, decoder, scorer, captioner, writer },
}: PackManifest): (Place & { readonly folder: string })[] {
  return [
    ...(encoder ? [{ path: ['roles', 'encoder', 'tokenizer'], folder: encoder.tokenizer }] : []),
    ...(decoder ? [{ path: ['roles', 'decoder', 'folder'], folder: decoder.folder }] : []),
    ...(scorer ? [{ path: ['roles', 'scorer', 'tokenizer'], folder: scorer.tokenizer }] : []),
    ...(captioner ? [{ path: ['roles', 'captioner', 'tokenizer'], folder: captioner.tokenizer }] : []),
    ...(writer?.layout === 'transformers.js' ? [{ path: ['roles', 'writer', 'tokenizer'], folder: writer.tokenizer }] : []),
  ];
}

export const packManifestRecord: RecordKind<PackManifest> = {
  name: 'pack',
  version: 1,
  schema: packManifestSchema,
  steps: [],
};

/** `pack-places.json` in the data folder: packs that lie elsewhere, each by its own folder. */
const packPlacesSchema = z.object({ folders: z.array(z.string().min(1).max(4096)).max(1000) });
export const packPlacesRecord: RecordKind<z.infer<typeof packPlacesSchema>> = {
  name: 'list of models in other folders',
  version: 1,
  schema: packPlacesSchema,
  steps: [],
};

export const packSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  summary: z.string(),
  bytes: z.number(),
  lengths: z.array(z.number().int()),
  roles: z.array(z.enum(['encoder', 'decoder', 'scorer', 'features', 'previewer', 'captioner', 'writer'])),
  licence: z.string(),
  embedded: z.boolean(),
  /** The repository it came from; null for a pack that came otherwise. */
  hub: z.string().nullable(),
  /** Graphs of it that ended the engine here, by their path in the pack: they are not run on that device again before the pack is verified. */
  crashed: z.array(z.object({ graph: z.string(), device: deviceNameSchema })),
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
      /** `unlisted`: not in the manifest. `irregular`: a link, pipe or device in place of a file or a folder. */
      problem: z.enum(['missing', 'size', 'sha256', 'unlisted', 'irregular']),
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
  /** Of the redrawn picture to the original, on the pack's own scale; null where its recipe did not measure it. */
  fidelity: z.number().min(0).max(1).nullable(),
  /** The scorer's cosine alone, which is kind to blurred pictures, and its standard deviation. */
  similarity: z.number().min(-1).max(1),
  similaritySpread: z.number().nonnegative(),
  /** Mean absolute difference of pixels, 0..1. */
  pixelError: z.number().min(0).max(1),
});
export type PackMeasurement = z.infer<typeof packMeasurementSchema>;
