import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components of the Blend place are handed: their own state, who can write, and the little they need of what lies around it. */
export type BlendPart = Pick<
  Page,
  'blend' | 'writers' | 'connection' | 'facts' | 'work' | 'place' | 'shortcuts' | 'attempt' | 'remedyFor'
>;

export const [getBlendPart, setBlendPart] = createContext<BlendPart>();
