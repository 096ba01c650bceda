import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';
import type { Models } from './models.svelte.ts';
import type { Packs } from './packs.svelte.ts';

/** What the components of the Models place are handed: the models that are here, those that could be, and the little they need around them. */
export interface PacksPart extends Pick<
  Page,
  'facts' | 'settings' | 'connection' | 'platform' | 'notices' | 'place' | 'attempt'
> {
  readonly packs: Packs;
  readonly models: Models;
}

export const [getPacksPart, setPacksPart] = createContext<PacksPart>();
