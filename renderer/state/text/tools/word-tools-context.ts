import { createContext } from 'svelte';
import type { Page } from '../../page.svelte.ts';

/** What the panels of the tools that look into a text are handed: the tools, the words they name, and the little they need around them. */
export type WordToolsPart = Pick<
  Page,
  | 'wordTools'
  | 'comparison'
  | 'asking'
  | 'hints'
  | 'polishing'
  | 'writers'
  | 'words'
  | 'readers'
  | 'reading'
  | 'otherReadings'
  | 'picturePart'
  | 'drawing'
  | 'drawPlace'
  | 'work'
  | 'attention'
  | 'facts'
  | 'preferences'
  | 'connection'
  | 'notices'
  | 'dock'
  | 'place'
  | 'attempt'
  | 'remedyFor'
>;

export const [getWordToolsPart, setWordToolsPart] = createContext<WordToolsPart>();
