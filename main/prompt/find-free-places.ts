import type { PromptDocument, Slot } from '../../contract/texts/prompt.ts';
import { alternativesAt } from '../../contract/texts/reading.ts';
import type { Alternative, Reading } from '../../contract/texts/reading.ts';

/** A slot that may change, and what was read in the picture at the place it may change to. */
export interface FreePlace {
  /** Index among the slots of the document. */
  readonly slotIndex: number;
  readonly position: number;
  /** The encoder's candidates there, the chosen one first. */
  readonly alternatives: readonly Alternative[];
}

/**
 * Which slots of a text may be solved again, and from what: each unlocked, unmuted slot takes the encoder's candidates at its
 * own position. A word written by hand takes a position that no other slot holds and that lies between those of its
 * neighbours; where there is none, nothing was read at its place and it stays.
 *
 * @param reading the same picture read again at the same length
 */
export function findFreePlaces(document: PromptDocument, reading: Reading): FreePlace[] {
  const own = document.slots.map((slot) => ownPosition(document, slot));
  const held = new Set(own.flatMap((position) => position ?? []));
  const nextHeld = followingPositions(own);
  const places: FreePlace[] = [];
  let last = -1;
  for (const [slotIndex, slot] of document.slots.entries()) {
    let position = own[slotIndex] ?? null;
    if (position === null && !slot.locked && !slot.muted) {
      position = firstFree(last + 1, Math.min(nextHeld[slotIndex] ?? Infinity, reading.positions), held);
      if (position !== null) held.add(position);
    }
    if (position === null) continue;
    last = position;
    if (position >= reading.positions || slot.locked || slot.muted) continue;
    places.push({ slotIndex, position, alternatives: alternativesAt(reading, position) });
  }
  return places;
}

/** Where a slot was read in the document's own picture; null for words by hand and words heard in another picture. */
function ownPosition({ sources, imageSha256 }: PromptDocument, slot: Slot): number | null {
  const source = sources[slot.source];
  return source?.type === 'reading' && source.imageSha256 === imageSha256 ? slot.position : null;
}

/** For every slot the position of the next slot that was read from the picture. */
function followingPositions(positions: readonly (number | null)[]): number[] {
  const following: number[] = [];
  let next = Infinity;
  for (let index = positions.length - 1; index >= 0; index -= 1) {
    following[index] = next;
    next = positions[index] ?? next;
  }
  return following;
}

function firstFree(from: number, to: number, held: ReadonlySet<number>): number | null {
  for (let position = from; position < to; position += 1) if (!held.has(position)) return position;
  return null;
}
