import type { BlindSpots } from './find-blind-spots.ts';
import { describePlace } from '../frame/describe-place.ts';
import { say } from '../../language/say.ts';

/** What the shading says, in a sentence, with where most of it lies. */
export function describeBlindSpots({ blind, grid, share }: BlindSpots): string {
  if (share === 0) return say('canvas.noBlindSpot');
  const percent = share < 0.01 ? '<1' : String(Math.round(share * 100));
  if (share > 0.6) return say('canvas.blindShare', { percent });
  return say('canvas.blindMostly', { percent, place: mostly(blind, grid) });
}

/** The ninth of the picture with the most blind patches. */
function mostly(blind: readonly boolean[], grid: BlindSpots['grid']): string {
  const counts = new Map<string, number>();
  blind.forEach((isBlind, patch) => {
    const name = describePlace({ row: Math.floor(patch / grid.columns), column: patch % grid.columns }, grid);
    if (isBlind) counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0])[0];
}
