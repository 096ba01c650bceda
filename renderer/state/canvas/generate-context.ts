import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components that set and start a drawing are handed: what is drawn and with what, and the little they need around it. */
export type GeneratePart = Pick<
  Page,
  | 'drawing'
  | 'masks'
  | 'drawPlace'
  | 'drawingFit'
  | 'facts'
  | 'work'
  | 'preferences'
  | 'connection'
  | 'shortcuts'
  | 'dock'
  | 'place'
  | 'attempt'
>;

export const [getGeneratePart, setGeneratePart] = createContext<GeneratePart>();
