import { StudioError } from '../../../contract/errors.ts';
import { upgradeRecord } from '../../../contract/record.ts';
import type { RecordGrowth } from '../../../contract/record.ts';

/**
 * Why a text in the browser's store is neither read nor written over: a later studio left it. Null for everything else; what
 * cannot be read at all is met again by whoever reads it.
 */
export function findNewer(kind: RecordGrowth, text: string | null): StudioError | null {
  if (text === null) return null;
  try {
    upgradeRecord(kind, JSON.parse(text));
  } catch (cause) {
    return cause instanceof StudioError ? cause : null;
  }
  return null;
}

/** Where a studio keeps its own as long as a later one's lies under the name. */
export function besideNewer(name: string): string {
  return `${name}.beside-newer`;
}
