import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components of the Library are handed: what it keeps, and the little they need of what lies around it. */
export type LibraryPart = Pick<
  Page,
  'library' | 'connection' | 'preferences' | 'platform' | 'overlays' | 'place' | 'shortcuts' | 'attempt'
>;

export const [getLibraryPart, setLibraryPart] = createContext<LibraryPart>();
