import { createContext } from 'svelte';
import type { Page } from '../page.svelte.ts';
import type { Transfers } from './transfers.svelte.ts';
import type { TransferPlan } from './transfer-plan.svelte.ts';

/** What the components of the Transfer place are handed: grids, the next one, and the little they need of what lies around them. */
export interface TransferPart extends Pick<Page, 'connection' | 'writers' | 'opening' | 'place' | 'attempt'> {
  readonly transfers: Transfers;
  readonly plan: TransferPlan;
}

export const [getTransferPart, setTransferPart] = createContext<TransferPart>();
