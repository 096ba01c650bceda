import { z } from 'zod';
import { sha256Schema } from '../identity.ts';

const mostQuestions = 1_000_000;

/** Answers to questions about pictures, beside what people answered. */
export const answersRequestSchema = z.object({
  questions: z
    .array(
      z.object({
        answer: z.string().max(10_000),
        /** Ten in VQA; each is left out once. */
        answers: z.array(z.string().max(10_000)).min(1).max(100),
        /** What kind of question it is, such as `how many`. */
        questionType: z.string().nullable(),
        /** What kind of answer people gave: `yes/no`, `number` or `other`. */
        answerType: z.string().nullable(),
      }),
    )
    .min(1)
    .max(mostQuestions),
});
const accuracySchema = z.number().min(0).max(1);
/** VQA's soft accuracy, 0..1: an answer that three of the others gave is right, one that one of them gave a third. */
export const answersScoreSchema = z.object({
  overall: accuracySchema,
  byQuestionType: z.record(z.string(), accuracySchema),
  byAnswerType: z.record(z.string(), accuracySchema),
  /** In the order of the questions. */
  each: z.array(accuracySchema),
});
export type AnswersRequest = z.infer<typeof answersRequestSchema>;
export type AnswersScore = z.infer<typeof answersScoreSchema>;

/** Pictures of the library, each beside the one it was made to look like. */
export const picturesRequestSchema = z.object({
  /** The pack whose scorer compares; absent: the default pack. */
  packId: z.string().max(100).optional(),
  pairs: z
    .array(z.object({ original: sha256Schema, drawn: sha256Schema }))
    .min(1)
    .max(100_000),
});
export const picturesScoreSchema = z.object({
  /** Mean cosine of the scorer's vectors of the two of a pair, −1..1. */
  similarity: z.number().min(-1.001).max(1.001),
  /**
   * Fréchet distance between the scorer's vectors of all originals and of all drawings, 0 for the same. It is no FID, whose features are
   * another model's: it compares with itself alone. Null for fewer than two pictures on a side.
   */
  frechet: z.number().min(0).nullable(),
  /**
   * FID, which is that distance over Inception's features, by the installed pack that brings them. Null where none does, and for fewer than two
   * pictures on a side; below some thousands it is higher than that of the same pictures among many.
   */
  fid: z.object({ packId: z.string(), value: z.number().min(0) }).nullable(),
  /** Mean absolute difference of the pixels of the two of a pair, 0..1, both at 128 × 128: no model has a say in it. */
  pixelError: z.number().min(0).max(1),
  /** Different pictures on each side. */
  originals: z.number().int().positive(),
  drawn: z.number().int().positive(),
});
export type PicturesRequest = z.infer<typeof picturesRequestSchema>;
export type PicturesScore = z.infer<typeof picturesScoreSchema>;
