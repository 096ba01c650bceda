import { totalmem } from 'node:os';

/** Half of this machine's memory: the rest is for the artist's other programs. */
export function defaultMemoryBudgetBytes(): number {
  return Math.floor(totalmem() / 2);
}
