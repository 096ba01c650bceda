import type { BlendChecks } from '../../contract/texts/blend.ts';

/** What is wrong with a blend, in a few words each; nothing where all is well. For tables and pages in English. */
export const explainChecks = ({ subject, setting, repeats, glued, echo, fits }: BlendChecks): string[] => [
  ...(subject ? [] : ['the main object is not there']),
  ...(setting ? [] : ['the scene is not there']),
  ...(repeats.length === 0 ? [] : [`said again: ${repeats.join(', ')}`]),
  ...(glued.length === 0 ? [] : [`no words: ${glued.join(', ')}`]),
  ...(echo ? ['it only says one of the texts again'] : []),
  ...(fits ? [] : ['it is too long']),
];
