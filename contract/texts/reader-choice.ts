import { z } from 'zod';
import { connectionIdSchema } from '../outside/connection.ts';
import { promptDocumentSchema } from './prompt.ts';
import type { ReadingMethod } from './reading.ts';
import { seedSchema } from '../recipe.ts';

/** Which words a search by likeness looks for: those that fit a picture most, or least, for a negative text. */
const aimSchema = z.enum(['most', 'least']);

/**
 * Searches words one by one by the scorer's likeness of text and picture. Needs a scorer and nothing else.
 */
export const clipSearchSchema = z.object({
  method: z.literal('clip-search'),
  /** The same seed reads the same text. */
  seed: seedSchema.default(0),
  aim: aimSchema.default('most'),
  /** How much of its likeness a word loses when the text has said the same already, 0..1. */
  diversity: z.number().min(0).max(1).default(0.1),
  /** A text to begin with; its locked words stay where they are. */
  document: promptDocumentSchema.optional(),
});
export type ClipSearchChoice = z.infer<typeof clipSearchSchema>;

/** Searches words by the decoder's own loss on the picture. Needs a decoder that was not distilled. */
export const decoderSearchSchema = z.object({
  method: z.literal('decoder-search'),
  /** The same seed reads the same text. */
  seed: seedSchema.default(0),
  /**
   * What is searched on from. `encoder`: the text of the pack's encoder, whose candidates are tried. `clip-search`: the text that likeness finds.
   * `text`: the words of `document`, the rest is grown. `nothing`: all is grown.
   */
  from: z.enum(['encoder', 'clip-search', 'text', 'nothing']).default('encoder'),
  /** Locked words stay. Only with `text`. */
  document: promptDocumentSchema.optional(),
  /** Losses that may be asked for; absent: enough for one sweep of an encoder's text, or for growing one. */
  evaluations: z.number().int().min(2).max(65_536).optional(),
  /** Seconds a picture may take; absent: as long as the losses take. What was found by then is kept. */
  seconds: z.number().positive().max(86_400).optional(),
});
export type DecoderSearchChoice = z.infer<typeof decoderSearchSchema>;

/** A language model that sees, behind a connection of whom a person said so, writes what a picture shows. */
const captionSchema = z.object({ method: z.literal('caption'), connectionId: connectionIdSchema });
export type CaptionChoice = z.infer<typeof captionSchema>;

/** The decoder's mean loss of the text a search began with and of the one it found, at noises it did not see; lower is better. */
export const searchLossSchema = z.object({
  before: z.number(),
  after: z.number(),
  /** How often the decoder was asked. */
  evaluations: z.number().int().nonnegative(),
});
export type SearchLoss = z.infer<typeof searchLossSchema>;

/** Who reads a picture. */
export const readerChoiceSchema = z.discriminatedUnion('method', [
  /** The pack's own encoder. */
  z.object({ method: z.literal('encoder') }),
  clipSearchSchema,
  decoderSearchSchema,
  captionSchema,
]);
export type ReaderChoice = z.infer<typeof readerChoiceSchema>;

/** What the texts of the reader that was chosen are labelled with. */
export function methodAskedFor(choice: ReaderChoice): ReadingMethod {
  switch (choice.method) {
    case 'encoder':
      return 'de-diffusion';
    case 'clip-search':
      return choice.aim === 'least' ? 'clip-search-least' : 'clip-search';
    case 'decoder-search':
    case 'caption':
      return choice.method;
  }
}
