import { z } from 'zod';
import { sentThingSchema } from '../outside/network.ts';
import { catalogueIdSchema, commercialUseSchema, packFitnessSchema, repositoryNameSchema, revisionSchema } from './catalogue.ts';

const filePathSchema = z.string().min(1).max(4096);

/** What a checkpoint's U-Net predicts, where its file does not tell. */
export const predictionSchema = z.enum(['epsilon', 'v_prediction']);

/** Where a pack is brought from. Paths are of this machine. */
export const installSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('catalogue'), id: catalogueIdSchema }),
  z.object({ type: z.literal('hub'), repository: repositoryNameSchema, revision: revisionSchema.default('main') }),
  /** A pack, an export in diffusers' layout, or a copy of a repository of transformers.js; or a .zip of one. Nothing is changed in it. */
  z.object({ type: z.literal('folder'), path: filePathSchema }),
  /** A .safetensors file of Stable Diffusion with its text encoders: it is converted by a recipe in Python. `choice.dtype` is `_fp16` for halves. */
  z.object({
    type: z.literal('checkpoint'),
    path: filePathSchema,
    /** Added to its weights, each times its weight. */
    loras: z
      .array(z.object({ path: filePathSchema, weight: z.number().min(-10).max(10) }))
      .max(32)
      .default([]),
    /** The autoencoder that takes the place of its own. */
    vae: filePathSchema.optional(),
    prediction: predictionSchema.optional(),
  }),
]);
export type InstallSource = z.infer<typeof installSourceSchema>;

/** What a person may say where files do not. */
export const installChoiceSchema = z.object({
  /** Absent: after the repository or the folder. */
  packId: catalogueIdSchema.optional(),
  name: z.string().min(1).max(200).optional(),
  /** Absent: as the repository or the folder says. */
  licence: z.string().min(1).max(100).optional(),
  /** The end of the graphs' names for their precision. Absent: the fullest there is. */
  dtype: z
    .string()
    .regex(/^(_[a-z0-9]+)?$/)
    .optional(),
  /** The file that is wanted of several models in one repository. */
  file: z.string().max(512).optional(),
});
export type InstallChoice = z.infer<typeof installChoiceSchema>;

/** What would be brought: shown to a person, who agrees to licence and size. */
export const installPlanSchema = z.object({
  packId: catalogueIdSchema,
  name: z.string(),
  /** Scheme, host and port it comes from; null for what is on this machine. */
  origin: z.string().nullable(),
  /** Where a person reads about it; null for what is on this machine. */
  page: z.string().nullable(),
  licence: z.object({ name: z.string(), commercial: commercialUseSchema, note: z.string() }),
  bytes: z.number().nonnegative(),
  /** Of these, what an earlier try has left here. */
  keptBytes: z.number().nonnegative(),
  files: z.number().int().nonnegative(),
  memoryMb: z.number().int().nonnegative(),
  fitness: packFitnessSchema,
  /** The commit that would be brought; null for what is on this machine. */
  revision: z.string().nullable(),
  /** True where a pack of this id is here and would be replaced. */
  replaces: z.boolean(),
  /** What has to be fetched and kept here before, once: the Python packages of the recipe that converts. Null where nothing has to. */
  environment: z.object({ folder: z.string(), hosts: z.array(z.string()), bytes: z.number().nonnegative() }).nullable(),
});
export type InstallPlan = z.infer<typeof installPlanSchema>;

export const installQuestionSchema = z.object({ source: installSourceSchema, choice: installChoiceSchema.default({}) });

/** What a person agreed to: a plan's licence and size, and its environment where it has one. */
export const installAgreementSchema = z.object({
  licence: z.string().max(100),
  bytes: z.number().nonnegative(),
  environment: z.boolean().optional(),
});
export type InstallAgreement = z.infer<typeof installAgreementSchema>;

/** What stopped and can go on. */
export const keptInstallSchema = z.object({
  packId: z.string(),
  name: z.string(),
  source: installSourceSchema,
  choice: installChoiceSchema,
  agreed: installAgreementSchema,
  keptBytes: z.number().nonnegative(),
});
export type KeptInstall = z.infer<typeof keptInstallSchema>;

/** The hub that models come from, and whether a person has agreed that it is asked. */
export const hubStateSchema = z.object({
  origin: z.string(),
  /** What goes along with every question. */
  sends: z.array(sentThingSchema),
  allowed: z.boolean(),
});
export type HubState = z.infer<typeof hubStateSchema>;
