import type { PatchGrid } from '../../../contract/reading.ts';
import type { Place } from '../text/attention-focus.svelte.ts';

/** Where a patch lies, in words: what someone hears who does not see the overlay. */
export function describePlace(place: Place, grid: PatchGrid): string {
  const vertical = ['upper', 'middle', 'lower'][Math.min(2, Math.floor((place.row * 3) / grid.rows))] ?? 'middle';
  const horizontal = ['left', 'centre', 'right'][Math.min(2, Math.floor((place.column * 3) / grid.columns))] ?? 'centre';
  if (vertical === 'middle') return horizontal === 'centre' ? 'the centre' : `the ${horizontal}`;
  return `the ${vertical} ${horizontal}`;
}
