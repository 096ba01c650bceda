import type { PromptDocument, Slot } from '../../contract/prompt.ts';

/** A slot that may change, and the reading of the picture that it may change to. */
export interface FreePlace {
  /** Index among the slots of the document. */
  readonly slotIndex: number;
  readonly reading: Slot;
}

/**
 * Which slots of a text may be solved again, and from what: each unlocked, unmuted slot takes the encoder's candidates at its
 * own position. A word written by hand takes a position that no other slot holds and that lies between those of its
 * neighbours; where there is none, nothing was read at its place and it stays.
 *
 * @param fresh the same picture read again at the same length
 */
export function findFreePlaces(document: PromptDocument, fresh: PromptDocument): FreePlace[] {
  const readings = new Map(fresh.slots.flatMap((slot) => (slot.position === null ? [] : [[slot.position, slot] as const])));
  const held = new Set(document.slots.flatMap((slot) => slot.position ?? []));
  const nextHeld = followingPositions(document.slots);
  const places: FreePlace[] = [];
  let last = -1;
  for (const [slotIndex, slot] of document.slots.entries()) {
    let position = slot.position;
    if (position === null && !slot.locked && !slot.muted) {
      position = firstFree(last + 1, nextHeld[slotIndex] ?? Infinity, held, readings);
      if (position !== null) held.add(position);
    }
    if (position === null) continue;
    last = position;
    const reading = readings.get(position);
    if (reading !== undefined && !slot.locked && !slot.muted) places.push({ slotIndex, reading });
  }
  return places;
}

/** For every slot the position of the next slot that was read from the picture. */
function followingPositions(slots: readonly Slot[]): number[] {
  const following: number[] = [];
  let next = Infinity;
  for (let index = slots.length - 1; index >= 0; index -= 1) {
    following[index] = next;
    next = slots[index]?.position ?? next;
  }
  return following;
}

function firstFree(from: number, to: number, held: ReadonlySet<number>, readings: ReadonlyMap<number, Slot>): number | null {
  for (const position of readings.keys()) if (position >= from && position < to && !held.has(position)) return position;
  return null;
}
