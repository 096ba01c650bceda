import { createContext } from 'svelte';
import type { Connection } from '../core/connection.svelte.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';
import type { ItemOpening } from '../library/item-opening.ts';
import type { Batches } from './batches.svelte.ts';

/** What the components of the Batch place are handed: their own state, and the little they need of what lies around it. */
export interface BatchPart {
  readonly batches: Batches;
  readonly connection: Connection;
  /** For the lengths the pack reads at. */
  readonly facts: CoreFacts;
  /** For a row that is opened in the Studio. */
  readonly opening: ItemOpening;
  /** Runs what a person asked for; a failure is told and goes no further. */
  attempt(task: Promise<unknown>): void;
}

export const [getBatchPart, setBatchPart] = createContext<BatchPart>();
