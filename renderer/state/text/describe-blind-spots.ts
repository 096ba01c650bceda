import type { BlindSpots } from './find-blind-spots.ts';
import { describePlace } from '../frame/describe-place.ts';

/** What the shading says, in a sentence, with where most of it lies. */
export function describeBlindSpots({ blind, grid, share }: BlindSpots): string {
  if (share === 0) return 'No blind spot: some word looks at every part.';
  const percent = share < 0.01 ? '<1' : String(Math.round(share * 100));
  if (share > 0.6) return `${percent} % blind: no word looks there.`;
  return `${percent} % blind, mostly ${mostly(blind, grid)}: no word looks there.`;
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
