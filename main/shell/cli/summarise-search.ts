import { z } from 'zod';
import type { SearchLoss } from '../../../contract/texts/reader-choice.ts';

/** What searches by the decoder's loss are measured from. */
export const beginnings = ['encoder', 'nothing', 'text'] as const;
export type BeginningName = (typeof beginnings)[number];

/** A mean over pictures of what a budget changed, and its standard error; null for one picture. */
const changeSchema = z.object({ mean: z.number(), error: z.number().nullable() });
/** One beginning and one budget, over all pictures. */
export const searchStepSchema = z.object({
  from: z.enum(beginnings),
  /** Losses that might be asked for; 0 is the text that a search began with. */
  budget: z.number().int(),
  images: z.number().int(),
  /** Cosine of original and redraw by the pack's scorer. */
  similarity: z.number(),
  pixelError: z.number(),
  /** Mean of what the decoder was asked, and of seconds a picture. */
  evaluations: z.number(),
  seconds: z.number(),
  /** At noise that no search saw; null for what no search made. */
  loss: z.number().nullable(),
  /** Of similarity beside budget 0, picture by picture; null where a search began with nothing. */
  gain: changeSchema.nullable(),
  /** Where facts were given: the share of objects that are named, and words that are true and false. */
  recall: z.number().nullable(),
  wordsTrue: z.number().nullable(),
  wordsFalse: z.number().nullable(),
  /** Where facts name the kinds of words: true and false ones of each. */
  kinds: z.array(z.object({ kind: z.string(), wordsTrue: z.number(), wordsFalse: z.number() })),
});
export type SearchStep = z.infer<typeof searchStepSchema>;

/** What is true of pictures: the words that a text of each may hold, and among them those of objects; by the name of their file. */
export const factsSchema = z.object({
  pictures: z.record(z.string(), z.object({ words: z.array(z.string()), objects: z.array(z.string()) })),
  /** Words of one kind, such as colours, of which a text may get some right and others wrong. */
  kinds: z.record(z.string(), z.array(z.string())).default({}),
});
export type Facts = z.infer<typeof factsSchema>;
/** How much of a text is true of its picture. */
export interface Told {
  /** Objects of the picture, and how many of them the text names. */
  readonly objects: number;
  readonly named: number;
  /** Each word with its kind; null where the facts know none of it. */
  readonly words: readonly { readonly isTrue: boolean; readonly kind: string | null }[];
}

/** A text of one picture, and its drawing. */
export interface MeasuredText {
  readonly path: string;
  readonly from: BeginningName;
  readonly budget: number;
  readonly similarity: number;
  readonly pixelError: number;
  readonly seconds: number;
  readonly loss: SearchLoss | null;
  readonly words: readonly string[];
  readonly told: Told | null;
}

/** Null where nothing is known of the picture. */
export function tellTruth(words: readonly string[], file: string, { pictures, kinds }: Facts): Told | null {
  const facts = pictures[file];
  if (facts === undefined) return null;
  const kindOf = (word: string): string | null => Object.keys(kinds).find((kind) => kinds[kind]?.includes(word)) ?? null;
  return {
    objects: facts.objects.length,
    named: facts.objects.filter((object) => words.includes(object)).length,
    words: words.map((word) => ({ isTrue: facts.words.includes(word), kind: kindOf(word) })),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function toChange(values: readonly number[]): SearchStep['gain'] {
  if (values.length === 0) return null;
  const middle = mean(values);
  const variance = sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
  return { mean: middle, error: values.length < 2 ? null : Math.sqrt(variance / values.length) };
}

/** Means over the pictures, by beginning and budget. */
export function summariseSearch(measured: readonly MeasuredText[]): SearchStep[] {
  const keys = [...new Set(measured.map(({ from, budget }) => `${from} ${budget}`))];
  return keys.flatMap((key): SearchStep[] => {
    const own = measured.filter(({ from, budget }) => `${from} ${budget}` === key);
    const [first] = own;
    if (first === undefined) return [];
    const before = (one: MeasuredText): MeasuredText | undefined =>
      measured.find(({ path, from, budget }) => path === one.path && from === one.from && budget === 0);
    const told = own.flatMap((one) => one.told ?? []);
    const words = told.flatMap((one) => one.words);
    const losses = own.flatMap((one) => one.loss ?? []);
    return [
      {
        from: first.from,
        budget: first.budget,
        images: own.length,
        similarity: mean(own.map(({ similarity }) => similarity)),
        pixelError: mean(own.map(({ pixelError }) => pixelError)),
        evaluations: sum(losses.map(({ evaluations }) => evaluations)) / own.length,
        seconds: mean(own.map(({ seconds }) => seconds)),
        loss: losses.length === 0 ? null : mean(losses.map(({ after }) => after)),
        gain: toChange(
          own.flatMap((one) => (before(one) === undefined ? [] : [one.similarity - (before(one)?.similarity ?? 0)])),
        ),
        recall:
          told.length === 0 ? null : sum(told.map(({ named }) => named)) / Math.max(1, sum(told.map(({ objects }) => objects))),
        wordsTrue: told.length === 0 ? null : words.filter(({ isTrue }) => isTrue).length,
        wordsFalse: told.length === 0 ? null : words.filter(({ isTrue }) => !isTrue).length,
        kinds: countKinds(words),
      },
    ];
  });
}

function countKinds(words: Told['words']): SearchStep['kinds'] {
  const kinds = [...new Set(words.flatMap(({ kind }) => kind ?? []))].sort();
  return kinds.map((kind) => {
    const own = words.filter((word) => word.kind === kind);
    const wordsTrue = own.filter(({ isTrue }) => isTrue).length;
    return { kind, wordsTrue, wordsFalse: own.length - wordsTrue };
  });
}
