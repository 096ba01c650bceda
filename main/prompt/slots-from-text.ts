import type { Slot } from '../../contract/texts/prompt.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The contract's limit on the slots of one document. */
export const MAXIMUM_SLOTS = 4096;

/**
 * Tokenises text into slots of one source of its document, numbered from `firstNumber`.
 *
 * A slot's text is cut from the text as typed, so that capitals and "1990" or "Hello," without inner spaces stay as they
 * were; hence `endsWord` says whether white space follows in the text. Where one character takes several tokens (an
 * emoji), the first slot carries it and the others have no text.
 *
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function slotsFromText(
  text: string,
  tokenizer: Tokenizer,
  { firstNumber, source }: { readonly firstNumber: number; readonly source: number },
): Slot[] {
  const spans = tokenizer.encode(text);
  refuseTooManySlots(spans.length);
  let cursor = 0;
  return spans.map((span, index) => {
    const end = Math.max(cursor, span.end);
    const own = text.slice(cursor, end).trim();
    cursor = end;
    const next = spans[index + 1];
    const sharesCharacter = next !== undefined && next.end <= cursor;
    return {
      id: `s${firstNumber + index}`,
      tokenId: span.id,
      text: own,
      endsWord: !sharesCharacter && (cursor >= text.length || /\s/u.test(text.charAt(cursor))),
      source,
      exact: false,
      probability: null,
      position: null,
      weight: 1,
    };
  });
}

/** Refuses a prompt over the contract's limit before anything is done with it. */
export function refuseTooManySlots(count: number): void {
  if (count <= MAXIMUM_SLOTS) return;
  throw new StudioError(
    'prompt-too-long',
    `The prompt has ${count.toLocaleString('en')} tokens; a prompt can hold ${MAXIMUM_SLOTS.toLocaleString('en')}.`,
    'Shorten the text. Models read 75 tokens at a time, so a much shorter prompt loses nothing.',
    { tokens: count, limit: MAXIMUM_SLOTS },
  );
}

/** One more than the highest number in use, so that a new slot never takes a living slot's id. */
export function nextSlotNumber(slots: readonly Slot[]): number {
  let highest = 0;
  for (const slot of slots) {
    const digits = /^s(\d{1,9})$/.exec(slot.id)?.[1];
    if (digits !== undefined) highest = Math.max(highest, Number(digits));
  }
  return highest + 1;
}
