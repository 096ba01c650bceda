import type { PatchGrid } from '../../../contract/texts/reading.ts';
import type { Place } from '../text/attention-focus.svelte.ts';
import { say } from '../../language/say.ts';

/** Thirds of a picture, row by row. */
const spots = [
  ['spot.upperLeft', 'spot.upperCentre', 'spot.upperRight'],
  ['spot.left', 'spot.centre', 'spot.right'],
  ['spot.lowerLeft', 'spot.lowerCentre', 'spot.lowerRight'],
] as const;

const thirdOf = (at: number, count: number): number => Math.min(2, Math.floor((at * 3) / count));

/** Where a patch lies, in words: what someone hears who does not see the overlay. */
export function describePlace(place: Place, grid: PatchGrid): string {
  return say(spots[thirdOf(place.row, grid.rows)]?.[thirdOf(place.column, grid.columns)] ?? 'spot.centre');
}
