import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';

/** What the components of the Packs place are handed: the packs, which of them is in use, and the little they need around it. */
export type PacksPart = Pick<Page, 'packs' | 'models' | 'facts' | 'settings' | 'connection' | 'notices' | 'place' | 'attempt'>;

export const [getPacksPart, setPacksPart] = createContext<PacksPart>();
