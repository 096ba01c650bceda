import { z } from 'zod';
import { promptDialectSchema } from './dialect.ts';
import { emphasisSchema, generateSettingsSchema, schedulerNameSchema } from '../recipe.ts';
import type { GenerateSettings } from '../recipe.ts';

/** Programs whose texts in pictures the studio reads. A1111 stands for Forge and SD.Next too, which write the same. */
export const metadataWriterSchema = z.enum([
  'dediffusion',
  'a1111',
  'comfyui',
  'invokeai',
  'fooocus',
  'novelai',
  'swarmui',
  'draw-things',
  'midjourney',
]);
export type MetadataWriter = z.infer<typeof metadataWriterSchema>;

/** A value beside the ones that have a field, under the name the file gives it. */
export const metadataNoteSchema = z.object({ name: z.string().max(100), value: z.string().max(2000) });
export type MetadataNote = z.infer<typeof metadataNoteSchema>;

/** The note under which the studio's own pictures name a second text that they were drawn between. */
export const mixedNote = 'mixed with';

const sideSchema = z.number().int().positive().max(1_000_000);

/** How a picture was made, as its file says: nothing of it was checked, and every text of it is a stranger's. */
export const pictureMetadataSchema = z.object({
  writer: metadataWriterSchema,
  /** The program's version, or the generation of its form where it tells none. */
  version: z.string().max(200).nullable(),
  prompt: z.string().max(100_000),
  negative: z.string().max(100_000),
  /** How prompt and negative are written. */
  dialect: promptDialectSchema,
  /** Decimal digits: seeds of 64 bits are more than a JavaScript number holds. */
  seed: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  /** Pixels. */
  width: sideSchema.nullable(),
  height: sideSchema.nullable(),
  steps: z.number().int().positive().max(10_000).nullable(),
  guidance: z.number().min(0).max(1000).nullable(),
  /** As the file names it. */
  sampler: z.string().max(200).nullable(),
  /** The studio's own name for it; null for one it does not have. */
  scheduler: schedulerNameSchema.nullable(),
  model: z.string().max(300).nullable(),
  /** The studio's own settings of the same names; absent where they were not used, or another program wrote the file. */
  guidanceRescale: z.number().min(0).max(1).optional(),
  secondPrompt: z.string().max(100_000).optional(),
  clipSkip: z.number().int().nonnegative().max(100).optional(),
  emphasis: emphasisSchema.optional(),
  notes: z.array(metadataNoteSchema).max(64),
});
export type PictureMetadata = z.infer<typeof pictureMetadataSchema>;

export const metadataReadingSchema = z.object({
  /** Null where the file carries nothing the studio knows. */
  metadata: pictureMetadataSchema.nullable(),
  /** Sentences on texts that were found and could not be read. */
  problems: z.array(z.string().max(500)).max(32),
});
export type MetadataReading = z.infer<typeof metadataReadingSchema>;

/** The settings that are the studio's own too, each only where it takes that value. */
export function settingsOf(metadata: PictureMetadata): Omit<GenerateSettings, 'count' | 'init'> {
  const { seed, steps, guidance, scheduler, width, height, negative, guidanceRescale, secondPrompt, clipSkip, emphasis } =
    metadata;
  const found = {
    ...{ seed: seed === null ? null : Number(seed), steps, guidance, scheduler, width, height },
    negative: negative === '' ? null : negative,
    ...{ guidanceRescale, secondPrompt, clipSkip, emphasis },
  };
  const fitting = Object.entries(found).filter(
    ([name, value]) => value != null && generateSettingsSchema.safeParse({ [name]: value }).success,
  );
  return generateSettingsSchema.parse(Object.fromEntries(fitting));
}
