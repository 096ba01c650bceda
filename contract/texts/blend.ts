import { z } from 'zod';
import { idSchema } from '../identity.ts';
import { originSchema, promptDocumentSchema } from './prompt.ts';

/** One side of a blend. A picture is read first; its text is the document. */
export const blendSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('document'), document: promptDocumentSchema }),
  z.object({ type: z.literal('text'), text: z.string().trim().min(1).max(20_000) }),
  /** A library item: a text, a generated picture with the text it was drawn from, or a picture with its newest text. */
  z.object({ type: z.literal('item'), itemId: idSchema }),
]);
export type BlendSource = z.infer<typeof blendSourceSchema>;

/** Who writes: the rules that are built in, or a connection to a language model by its id. */
export const writerChoiceSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
export const builtInWriter = 'builtin';
/** The language texts are written in where nobody chose one: the one readers write. */
export const usualLanguage = 'English';

export const blendRequestSchema = z.object({
  a: blendSourceSchema,
  b: blendSourceSchema,
  writer: writerChoiceSchema.default(builtInWriter),
  /** A template for a language model, `id` for its newest version or `id@version`; absent: `blend`. */
  templateId: z.string().max(60).optional(),
  /** Most tokens of each text, counted as CLIP does; the documents' pack may have a lower limit. */
  limit: z.number().int().min(5).max(1000).default(75),
  /** The language the texts shall be in, for a language model. */
  language: z.string().max(60).default(usualLanguage),
  /** What the artist asks a language model for besides, in their words; the rules read nothing of it. */
  instruction: z.string().trim().max(2_000).default(''),
});
export type BlendRequest = z.infer<typeof blendRequestSchema>;

/** What was found out about one text of a blend; true, and nothing listed, is good. */
export const blendChecksSchema = z.object({
  /** The main object of the one is there and that of the other is not. */
  subject: z.boolean(),
  /** A place or the backdrop of the other is there. */
  setting: z.boolean(),
  /** Words that are said again. */
  repeats: z.array(z.string()),
  /** What is no word: tokens run together or broken off. */
  glued: z.array(z.string()),
  /** True when it only says one of the two texts again. */
  echo: z.boolean(),
  /** It has no more tokens than its target takes. */
  fits: z.boolean(),
});
export type BlendChecks = z.infer<typeof blendChecksSchema>;

/** A text that somebody changed, to be checked as a writer's is. */
export const blendCheckRequestSchema = z.object({
  a: blendSourceSchema,
  b: blendSourceSchema,
  text: z.string().max(100_000),
  /** Whose main object it shall show, in the scene of the other. */
  objectOf: z.enum(['a', 'b']),
  limit: blendRequestSchema.shape.limit,
});
export type BlendCheckRequest = z.infer<typeof blendCheckRequestSchema>;

export const blendedTextSchema = z.object({
  text: z.string(),
  /** In their order. `imageA` and `imageB`: from the first and the second source; `language`: said by whoever wrote. */
  words: z.array(z.object({ text: z.string(), origin: originSchema })),
  document: promptDocumentSchema,
});
export type BlendedText = z.infer<typeof blendedTextSchema>;

const bothSchema = z.object({ aPlusB: blendedTextSchema, bPlusA: blendedTextSchema });
const bothChecksSchema = z.object({ aPlusB: blendChecksSchema, bPlusA: blendChecksSchema });

export const blendSchema = bothSchema.extend({
  a: z.object({ text: z.string(), document: promptDocumentSchema }),
  b: z.object({ text: z.string(), document: promptDocumentSchema }),
  /** `builtin`, or the id of the connection that answered. */
  writer: writerChoiceSchema,
  checks: bothChecksSchema,
  /** What a person should know of it, in sentences. */
  warnings: z.array(z.string()),
  /** The built-in blend beside an answer that did not pass; null otherwise. */
  builtIn: bothSchema.extend({ checks: bothChecksSchema }).nullable(),
  /** Tokens that the writer counted; null where it says nothing. */
  usage: z.object({ inputTokens: z.number().int().nonnegative(), outputTokens: z.number().int().nonnegative() }).nullable(),
});
export type Blend = z.infer<typeof blendSchema>;

/** Two texts that one reader read at one number of tokens, to be mixed by what it held likely at each place. */
export const mixRequestSchema = z.object({
  a: promptDocumentSchema,
  b: promptDocumentSchema,
  /** Of B: 0 is A alone, 1 is B. */
  share: z.number().min(0).max(1),
});
export type MixRequest = z.infer<typeof mixRequestSchema>;

export const severalRequestSchema = z.object({
  /** In their order: of three, the first one's object comes into the second one's scene with the third one's look. */
  sources: z.array(blendSourceSchema).min(3).max(6),
  limit: blendRequestSchema.shape.limit,
});
const placeSchema = z.number().int().nonnegative();
/** Blends of more than two texts, by rules, one that begins with each of them. */
export const severalSchema = z.object({
  sources: z.array(z.object({ text: z.string(), document: promptDocumentSchema })),
  blends: z.array(
    z.object({
      /** What each source gives, by its place: main objects; the scene with its light; colours, style and medium. */
      objects: z.array(placeSchema).min(1),
      scene: placeSchema,
      look: placeSchema,
      text: z.string(),
      /** In their order; `source` is null for what the rules say. */
      words: z.array(z.object({ text: z.string(), source: placeSchema.nullable() })),
      document: promptDocumentSchema,
      /** Of the first object in the scene. */
      checks: blendChecksSchema,
    }),
  ),
  warnings: z.array(z.string()),
});
export type SeveralRequest = z.infer<typeof severalRequestSchema>;
export type Several = z.infer<typeof severalSchema>;

/** While a language model writes, what there is so far; at last the blend. */
export const blendEventSchema = z.discriminatedUnion('type', [
  /** `attempt` 2 follows when the first answer did not pass. */
  z.object({ type: z.literal('writing'), attempt: z.number().int().min(1).max(2), aPlusB: z.string(), bPlusA: z.string() }),
  z.object({ type: z.literal('done'), blend: blendSchema }),
]);
export type BlendEvent = z.infer<typeof blendEventSchema>;
