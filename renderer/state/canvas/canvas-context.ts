import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components of the canvas and of the strip below it are handed: the pictures, what is done with them, and the little they need around them. */
export type CanvasPart = Pick<
  Page,
  | 'work'
  | 'drawing'
  | 'masks'
  | 'resultActions'
  | 'reading'
  | 'picturePart'
  | 'attention'
  | 'words'
  | 'facts'
  | 'connection'
  | 'preferences'
  | 'shortcuts'
  | 'notices'
  | 'platform'
  | 'attempt'
  | 'remedyFor'
>;

export const [getCanvasPart, setCanvasPart] = createContext<CanvasPart>();
