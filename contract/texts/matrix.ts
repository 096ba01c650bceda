import { z } from 'zod';
import { errorBodySchema } from '../errors.ts';
import { idSchema, sha256Schema } from '../identity.ts';
import { generateSettingsSchema } from '../recipe.ts';
import { blendChecksSchema, blendRequestSchema, writerChoiceSchema } from './blend.ts';

/** A side of a matrix at most: more are more drawings than a person looks at. */
export const mostOfMatrix = 24;

/**
 * Every picture blended with every other: read, written and, where wanted, drawn. What is done is kept in the library one by one,
 * on a board that has the job's id, so that a job that starts again goes on where it ended.
 */
export const matrixRequestSchema = z.object({
  kind: z.literal('matrix'),
  packId: z.string().optional(),
  name: z.string().trim().min(1).max(100),
  imageSha256s: z
    .array(sha256Schema)
    .overwrite((sha256s) => [...new Set(sha256s)])
    .min(2)
    .max(mostOfMatrix),
  /** Tokens at which each picture is read. */
  length: z.number().int().positive(),
  /** Who writes; absent: the rules. */
  writer: writerChoiceSchema.optional(),
  /** A template for a language model, as a blend takes it. */
  templateId: blendRequestSchema.shape.templateId,
  /** The language a language model shall write in; absent: English. */
  language: z.string().max(60).optional(),
  /** How each blend is drawn, one picture and the same noise for all; null: the texts alone. */
  draw: generateSettingsSchema.omit({ init: true, count: true }).nullable(),
});
export type MatrixRequest = z.infer<typeof matrixRequestSchema>;

const countSchema = z.number().int().nonnegative();
export const matrixResultSchema = z.object({
  kind: z.literal('matrix'),
  texts: countSchema,
  pictures: countSchema,
  /** Pictures that could not be read, or, `with` another, not be blended; the others go on without them. */
  errors: z.array(z.object({ imageSha256: sha256Schema, with: sha256Schema.optional(), error: errorBodySchema })),
});
export type MatrixResult = z.infer<typeof matrixResultSchema>;

/** A matrix as far as it is made, from what the library has of it. */
export const matrixSchema = z.object({
  name: z.string(),
  /** In the order they were given; those that were read. */
  sources: z.array(z.object({ imageSha256: sha256Schema, title: z.string(), textId: idSchema, text: z.string() })),
  /** `object` and `scene` are places among the sources: the main object of the one in the scene of the other. */
  cells: z.array(
    z.object({
      object: countSchema,
      scene: countSchema,
      textId: idSchema,
      text: z.string(),
      checks: blendChecksSchema,
      /** Null while it is not drawn. */
      picture: z.object({ itemId: idSchema, sha256: sha256Schema }).nullable(),
    }),
  ),
});
export type Matrix = z.infer<typeof matrixSchema>;
export const matrixReferenceSchema = z.object({ jobId: idSchema });
export const matrixFileSchema = matrixReferenceSchema.extend({ format: z.enum(['csv', 'html']) });
export type MatrixFile = z.infer<typeof matrixFileSchema>;
