import { z } from 'zod';
import { blendChecksSchema } from './blend.ts';
import { promptComparisonSchema, promptDocumentSchema } from './prompt.ts';
import { searchLossSchema } from './reader-choice.ts';
import { seedSchema } from '../recipe.ts';

/**
 * A blend whose words of the scene are tried against what else was read at their places: the decoder's loss on the scene's picture decides,
 * where neither object stands. Words of the object, and locked ones, stay.
 */
export const refineBlendRequestSchema = z.object({
  kind: z.literal('refine-blend'),
  packId: z.string().optional(),
  /** The blend. */
  document: promptDocumentSchema,
  /** The text whose object it shows. */
  objectDocument: promptDocumentSchema,
  /** The text whose scene it shows, as it was read from a picture. */
  sceneDocument: promptDocumentSchema,
  /** Losses that may be asked for. */
  budget: z.number().int().min(2).max(65_536),
  /** The same one tries with the same noise. */
  seed: seedSchema,
});
export type RefineBlendRequest = z.infer<typeof refineBlendRequestSchema>;
/** Enough for the 15 places of a short text with an encoder's candidates. */
export const usualRefineBudget = 600;

export const refineBlendResultSchema = z.object({
  kind: z.literal('refine-blend'),
  /** To be taken or left: nothing has changed yet. */
  document: promptDocumentSchema,
  comparison: promptComparisonSchema,
  checks: blendChecksSchema,
  /** On the scene's picture outside of both objects. */
  loss: searchLossSchema,
});
export type RefineBlendResult = z.infer<typeof refineBlendResultSchema>;
