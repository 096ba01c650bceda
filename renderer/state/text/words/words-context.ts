import { createContext } from 'svelte';
import type { Page } from '../../page.svelte.ts';

/** What the components of the words, of their history and of copying them are handed: the texts, what is done with them, and the little they need around them. */
export type WordsPart = Pick<
  Page,
  | 'work'
  | 'editing'
  | 'words'
  | 'wordSearch'
  | 'wordTrial'
  | 'wordTools'
  | 'wordGroups'
  | 'lengthFidelity'
  | 'openLength'
  | 'inspection'
  | 'hints'
  | 'attention'
  | 'exported'
  | 'generateSettings'
  | 'reading'
  | 'readers'
  | 'otherReadings'
  | 'readings'
  | 'drawing'
  | 'facts'
  | 'connection'
  | 'preferences'
  | 'shortcuts'
  | 'notices'
  | 'dock'
  | 'place'
  | 'attempt'
  | 'remedyFor'
>;

export const [getWordsPart, setWordsPart] = createContext<WordsPart>();
