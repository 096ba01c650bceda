import type { Slot } from '../../../contract/texts/prompt.ts';
import { locateSlots } from './prompt-text.ts';

export interface Typing {
  /** The running text without muted words: what the core calls the text of a document. */
  readonly text: string;
  /** Muted slots the typing changed or removed. They are words again, or gone. */
  readonly touchedMutedIds: readonly string[];
}

/**
 * The editor shows muted words struck through, while the core leaves them out of a document's text. This turns what
 * stands in the editor into the text the core expects.
 * @param before the text on screen when `slots` were made
 * @param after the text on screen now
 */
export function readTyping(before: string, after: string, slots: readonly Slot[]): Typing {
  const muted = locateSlots(before, slots).filter(({ slot }) => slot.muted);
  if (muted.length === 0) return { text: after, touchedMutedIds: [] };
  const shared = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shared && before[prefix] === after[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < shared - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix += 1;
  const changedTo = before.length - suffix;
  const shift = after.length - before.length;
  // Letters put right at a word make it another word, where a space beside it does not.
  const inserted = after.slice(prefix, after.length - suffix);
  const writesOn = /^\S/.test(inserted);
  const writesUpTo = /\S$/.test(inserted);

  const touchedMutedIds: string[] = [];
  let text = '';
  let copied = 0;
  for (const { slot, from, to } of muted) {
    const untouched =
      (to <= prefix && !(to === prefix && writesOn)) || (from >= changedTo && !(from === changedTo && writesUpTo));
    if (!untouched) {
      touchedMutedIds.push(slot.id);
      continue;
    }
    const offset = from >= changedTo ? shift : 0;
    const end = to + offset;
    text += after.slice(copied, from + offset);
    copied = slot.endsWord && after[end] === ' ' ? end + 1 : end;
  }
  return { text: text + after.slice(copied), touchedMutedIds };
}
