import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';
import type { Batches } from './batches.svelte.ts';

/** What the components of the Batch place are handed: their own state, and the little they need of what lies around it. */
export interface BatchPart extends Pick<Page, 'connection' | 'facts' | 'readers' | 'writers' | 'opening' | 'attempt'> {
  readonly batches: Batches;
}

export const [getBatchPart, setBatchPart] = createContext<BatchPart>();
