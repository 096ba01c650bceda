import { z } from 'zod';
import { blendSourceSchema, builtInWriter, usualLanguage, writerChoiceSchema } from './blend.ts';
import { idSchema } from '../identity.ts';
import { promptComparisonSchema, promptDocumentSchema } from './prompt.ts';

/** A word that a person may want to look at. It never stops anything. */
export const textHintSchema = z.object({
  /** `writing`: the picture holds writing, which no reader here can read. */
  kind: z.enum(['person', 'brand', 'work', 'writing', 'sensitive']),
  slotIds: z.array(idSchema).min(1),
  text: z.string(),
  /** Plain words that can take its place; null where there are none. */
  neutral: z.string().nullable(),
});
export type TextHint = z.infer<typeof textHintSchema>;

export const hintsRequestSchema = z.object({
  document: promptDocumentSchema,
  /** Also words that some people do not want to send to others. */
  sensitive: z.boolean().default(false),
});

const byWriter = {
  document: promptDocumentSchema,
  /** The connection that is asked: rules can do none of these. */
  writer: writerChoiceSchema,
  language: z.string().max(60).default(usualLanguage),
  limit: z.number().int().min(5).max(1000).default(75),
};
/**
 * What can be done to a text. By rules, `names`: plain words for names and brands; `shorten`: the words that say least go. By a language
 * model, `fluent`: plain sentences; `expand`: more detail; `translate`.
 */
export const polishRequestSchema = z.discriminatedUnion('way', [
  z.object({ way: z.literal('fluent'), ...byWriter }),
  z.object({ way: z.literal('expand'), ...byWriter }),
  z.object({ way: z.literal('translate'), ...byWriter }),
  z.object({ way: z.literal('names'), document: promptDocumentSchema }),
  z.object({ way: z.literal('shorten'), document: promptDocumentSchema, limit: z.number().int().min(1).max(1000) }),
]);
export const polishedSchema = z.object({
  /** To be taken or left: nothing has changed yet. */
  document: promptDocumentSchema,
  comparison: promptComparisonSchema,
});
export type PolishRequest = z.infer<typeof polishRequestSchema>;
export type Polished = z.infer<typeof polishedSchema>;

/** What words of a text can speak of, in the order they are told. */
export const wordGroups = ['subject', 'colour', 'place', 'background', 'light', 'style'] as const;
export type WordGroup = (typeof wordGroups)[number];
export const groupsRequestSchema = z.object({
  /** What this pack draws and says counts first. */
  packId: z.string(),
  words: z.array(z.string().max(1_000)).max(1_000),
});
/** `none` speaks of nothing by itself (`and`, `very`); null is a word that nobody knows. */
export const spokenGroupSchema = z.enum([...wordGroups, 'none']).nullable();
export type SpokenGroup = z.infer<typeof spokenGroupSchema>;

/** A question that was answered before, as a language model is shown it. */
export const askExampleSchema = z.object({
  /** The picture's text. */
  text: z.string().trim().min(1).max(4_000),
  question: z.string().trim().min(1).max(1_000),
  answer: z.string().trim().min(1).max(1_000),
});
export type AskExample = z.infer<typeof askExampleSchema>;
const mostShots = 64;

export const askRequestSchema = z
  .object({
    source: blendSourceSchema,
    /** An answer to the question, or what needs none: a caption, tags for a search, a text in place of the picture. */
    want: z.enum(['answer', 'caption', 'tags', 'alt']).default('answer'),
    question: z.string().trim().max(1_000).default(''),
    /** Who answers: rules, or a connection to a language model by its id. */
    writer: writerChoiceSchema.default(builtInWriter),
    /** The language a language model shall answer in; rules know English alone. */
    language: z.string().max(60).default(usualLanguage),
    /** Answered questions that a language model is shown before this one; rules need none. */
    shots: z.number().int().min(0).max(mostShots).default(0),
    /** Where they come from, the first ones first; absent: the studio's own, of which there are eight. */
    examples: z.array(askExampleSchema).max(mostShots).optional(),
  })
  .refine(({ want, question }) => want !== 'answer' || question !== '', 'an answer needs a question')
  .refine(({ writer, shots }) => writer !== builtInWriter || shots === 0, 'rules learn nothing from examples');
export type AskRequest = z.infer<typeof askRequestSchema>;
export const askAnswerSchema = z.object({
  answer: z.string(),
  /** False where the text does not say it. */
  isTold: z.boolean(),
  /** The words it rests on, in the order of the text. */
  evidence: z.array(z.object({ text: z.string(), slotIds: z.array(idSchema) })),
  /** The text that was asked. */
  document: promptDocumentSchema,
  /**
   * `rules` answer what, who, how many, which colour, where, which style, and whether something is there. What a `model` says is its
   * own word: nobody has checked it against the picture.
   */
  by: z.enum(['rules', 'model']),
  /** `builtin`, or the id of the connection that answered. */
  writer: writerChoiceSchema,
});
export type AskAnswer = z.infer<typeof askAnswerSchema>;
