import { z } from 'zod';
import { deviceNameSchema } from '../studio-info.ts';

/** `previews`: shows a drawing in the making. `reads`: pictures to text. `scores`: how alike pictures and texts are. `writes`: texts. */
export const packUseSchema = z.enum(['draws', 'previews', 'reads', 'scores', 'writes']);
export type PackUse = z.infer<typeof packUseSchema>;

/** `limits`: yes, under rules of use that the licence names. `unclear`: the repository does not say. */
export const commercialUseSchema = z.enum(['yes', 'limits', 'no', 'unclear']);
export type CommercialUse = z.infer<typeof commercialUseSchema>;

export const repositoryNameSchema = z.string().regex(/^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/);
export const catalogueIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
/** A branch, a tag or a commit. */
export const revisionSchema = z.string().regex(/^[A-Za-z0-9][\w./-]{0,99}$/);

/** A public repository of models the studio knows of. Sizes are what its page listed, rounded as it rounds them. */
export const catalogueEntrySchema = z.object({
  id: catalogueIdSchema,
  name: z.string().min(1).max(100),
  /** What it is for, in a sentence an artist reads. */
  summary: z.string().min(1).max(300),
  does: z.array(packUseSchema).min(1),
  /** False where the studio keeps it as a pack and has nothing that runs it yet. */
  runs: z.boolean(),
  repository: repositoryNameSchema,
  revision: revisionSchema,
  licence: z.object({ name: z.string().min(1).max(100), commercial: commercialUseSchema, note: z.string().max(300) }),
  layout: z.enum(['diffusers', 'transformers.js', 'gguf']),
  /** The end of a graph's name that tells its precision: `_fp16`. Empty for those that have none. */
  dtype: z.string().regex(/^(_[a-z0-9]+)?$/),
  /** The large files; configs and vocabularies come along. */
  files: z.array(z.object({ path: z.string().min(1), bytes: z.number().positive() })).min(1),
  /** Of everything that is fetched. */
  bytes: z.number().positive(),
  /** True where not every size was listed, so that `bytes` is reckoned. */
  reckoned: z.boolean(),
  memoryMb: z.number().int().positive(),
  /** Where its graphs are known to run, the best first. */
  devices: z.array(deviceNameSchema).min(1),
  /**
   * `weights`: these very weights gave the upstream implementation's pictures here. `architecture`: random weights of the same classes did.
   * `nothing`: its shape is known from its page alone.
   */
  verified: z.enum(['weights', 'architecture', 'nothing']),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

/** Whether a model has its place on this machine, the worst that is known first. */
export const packFitnessSchema = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('memory'), needMb: z.number(), haveMb: z.number() }),
  z.object({ verdict: z.literal('disk'), needMb: z.number(), haveMb: z.number() }),
  /** None of the devices it is known to run on is here. */
  z.object({ verdict: z.literal('device'), devices: z.array(deviceNameSchema) }),
  /** It runs, on the processor alone, where a drawing takes minutes. */
  z.object({ verdict: z.literal('slow') }),
  z.object({ verdict: z.literal('fits') }),
]);
export type PackFitness = z.infer<typeof packFitnessSchema>;

/** An entry, and what it is on this machine. */
export const catalogueLineSchema = catalogueEntrySchema.extend({
  fitness: packFitnessSchema,
  /** Packs that were made of it. */
  installedAs: z.array(z.string()),
  /** Where it would be fetched from: the hub, or the mirror that HF_ENDPOINT names. */
  origin: z.string(),
});
export type CatalogueLine = z.infer<typeof catalogueLineSchema>;
