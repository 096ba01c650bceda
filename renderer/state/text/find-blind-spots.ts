import type { Slot } from '../../../contract/texts/prompt.ts';
import type { PatchGrid } from '../../../contract/texts/reading.ts';
import { isContentWord } from '../../../contract/texts/words.ts';
import { noticedLift } from '../canvas/noticed-lift.ts';
import type { Word } from './prompt-text.ts';

/** What no content word of a text looks at. */
export interface BlindSpots {
  readonly grid: PatchGrid;
  /** Per patch, row-major: true where no content word looks. */
  readonly blind: readonly boolean[];
  /** Part of all patches that is blind, 0..1. */
  readonly share: number;
}

/**
 * A patch is seen when at least one content word gives it `noticedLift` times an even share of its attention; a word's
 * attention is the mean over its tokens that have one. Muted words do not reach the picture and see nothing.
 * @param mapOf where a token looked: a share of 0..1 a patch, row-major; null where that is not known
 * @returns null when no content word was read from the picture, so that there is nothing to say
 */
export function findBlindSpots(
  words: readonly Word[],
  grid: PatchGrid | null,
  mapOf: (slot: Slot) => ArrayLike<number> | null,
): BlindSpots | null {
  if (grid === null) return null;
  const patches = grid.rows * grid.columns;
  const blind = new Array<boolean>(patches).fill(true);
  let looking = 0;
  for (const word of words) {
    const maps = word.ranges.flatMap(({ slot }) => {
      const map = slot.muted ? null : mapOf(slot);
      return map === null ? [] : [map];
    });
    if (maps.length === 0 || !isContentWord(word.text)) continue;
    looking += 1;
    for (let patch = 0; patch < patches; patch += 1) {
      const mean = maps.reduce((sum, map) => sum + (map[patch] ?? 0), 0) / maps.length;
      if (mean * patches >= noticedLift) blind[patch] = false;
    }
  }
  return looking === 0 ? null : { grid, blind, share: blind.filter(Boolean).length / patches };
}
