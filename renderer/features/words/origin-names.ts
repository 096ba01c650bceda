import type { Origin } from '../../../contract/prompt.ts';

/** Where a word came from, as a person says it. */
export const originNames: Readonly<Record<Origin, string>> = {
  imageA: 'read from the picture',
  imageB: 'read from the second picture',
  language: 'from the language model',
  hand: 'written by hand',
};
