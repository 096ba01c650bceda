import type { Slot } from '../../contract/prompt.ts';

/** The slot with a mark, or without it: a mark that is not set is left out, so that a text stays small. */
export function markSlot(slot: Slot, mark: 'locked' | 'muted', isSet: boolean): Slot {
  const { locked, muted, ...plain } = slot;
  const marks = { locked, muted, [mark]: isSet };
  return {
    ...plain,
    ...(marks.locked === true ? { locked: true } : {}),
    ...(marks.muted === true ? { muted: true } : {}),
  };
}
