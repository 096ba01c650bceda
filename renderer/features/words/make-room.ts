import { originOf, readingOf } from '../../../contract/texts/prompt.ts';
import type { WordsPart } from '../../state/text/words/words-context.ts';
import { wordsToDrop } from '../../state/text/words/words-to-drop.ts';
import { say } from '../../language/say.ts';

/** Tokens of the open text that its own decoder does not read; 0 where all of them fit. */
export function tokensTooMany({ inspection }: WordsPart): number {
  const { budget } = inspection;
  return Math.max(0, (budget?.tokens ?? 0) - (budget?.limit ?? Infinity));
}

/** Takes out what the text does best without, until all of it fits. One undo takes it back. */
export async function makeRoom(part: WordsPart): Promise<void> {
  const { editing, work, words, wordTools, notices } = part;
  await editing.settle();
  const { document } = work;
  if (document === null) return;
  const ids = wordsToDrop(
    document.slots,
    tokensTooMany(part),
    // A word chosen in place of the one that was read is a person's as well.
    (slot) => originOf(document, slot) === 'hand' || (readingOf(document, slot) !== null && !slot.exact),
    (slotId) => wordTools.valueOf(slotId)?.value ?? null,
  );
  const dropped = document.slots.filter(({ id }) => ids.includes(id));
  if (dropped.length === 0) {
    notices.tell(say('words.room.none'));
    return;
  }
  const text = dropped.map((slot) => slot.text + (slot.endsWord ? ' ' : '')).join('');
  await editing.apply({ type: 'delete', slotIds: [...ids] }, say('history.step.makeRoom'));
  // The button that asked is gone with the words.
  words.editor?.focus();
  notices.tell(say('words.room.made', { text: text.trim() }));
}
