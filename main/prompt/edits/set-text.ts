import { listSource } from '../../../contract/texts/prompt.ts';
import type { PromptDocument, Slot } from '../../../contract/texts/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { diffWords } from '../diff-words.ts';
import type { WordChange } from '../diff-words.ts';
import { renderPrompt } from '../render-prompt.ts';
import type { RenderedWord } from '../render-prompt.ts';
import { nextSlotNumber, refuseTooManySlots, slotsFromText } from '../slots-from-text.ts';

/**
 * The whole running text as typed. Words that stayed keep their slots as they are; only changed words are tokenised, with
 * hand origin. Muted slots are not in the running text and stay where they stand. Where words were replaced one for one
 * (a letter typed into a word), each keeps the weight and the lock of the word it replaced.
 *
 * White space is one space between words: the text encoder sees none of it.
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function setText(document: PromptDocument, text: string, tokenizer: Tokenizer): PromptDocument {
  const newWords = splitWords(text);
  refuseTooManySlots(newWords.length);
  const oldWords = renderPrompt(document).words;
  const changes = diffTexts(oldWords, newWords);
  if (changes.length === 0) return document;
  const { sources, index: source } = listSource(document.sources, { type: 'hand' });
  const slots = applyChanges(document, oldWords, newWords, changes, { tokenizer, source });
  refuseTooManySlots(slots.length);
  const isTyped = slots.some((slot) => slot.source === source);
  return { ...document, sources: isTyped ? sources : document.sources, slots };
}

/** What typed words are made with: the vocabulary, and the index of the artist's hand among the sources. */
interface Typing {
  readonly tokenizer: Tokenizer;
  readonly source: number;
}

/** The encoder may break a text off within its last word; such a word cannot stay as it is when another follows. */
function diffTexts(oldWords: readonly RenderedWord[], newWords: readonly string[]): WordChange[] {
  const texts = oldWords.map(({ text }) => text);
  const last = oldWords.at(-1);
  if (last === undefined || last.isWhole) return diffWords(texts, newWords);
  // It stays when it is the last again; else it is like no word that was typed.
  if (last.text === newWords.at(-1)) return diffWords(texts.slice(0, -1), newWords.slice(0, -1));
  return diffWords([...texts.slice(0, -1), ''], newWords);
}

function applyChanges(
  document: PromptDocument,
  oldWords: readonly RenderedWord[],
  newWords: readonly string[],
  changes: readonly WordChange[],
  typing: Typing,
): Slot[] {
  const slots: Slot[] = [];
  let nextNumber = nextSlotNumber(document.slots);
  let copied = 0;
  for (const change of changes) {
    const removed = oldWords.slice(change.fromOld, change.toOld);
    const removedIndices = new Set(removed.flatMap((word) => word.slotIndices));
    const begin = removed[0]?.slotIndices[0] ?? oldWords[change.fromOld]?.slotIndices[0] ?? document.slots.length;
    const end = (removed.at(-1)?.slotIndices.at(-1) ?? begin - 1) + 1;
    slots.push(...document.slots.slice(copied, begin));
    const typed = typeWords(document, removed, newWords.slice(change.fromNew, change.toNew), typing, nextNumber);
    nextNumber += typed.length;
    slots.push(...typed);
    slots.push(...document.slots.slice(begin, end).filter((_, offset) => !removedIndices.has(begin + offset)));
    copied = end;
  }
  slots.push(...document.slots.slice(copied));
  return slots;
}

function typeWords(
  document: PromptDocument,
  removed: readonly RenderedWord[],
  words: readonly string[],
  { tokenizer, source }: Typing,
  firstNumber: number,
): Slot[] {
  if (removed.length !== words.length) return slotsFromText(words.join(' '), tokenizer, { firstNumber, source });
  const typed: Slot[] = [];
  words.forEach((word, index) => {
    const predecessor = document.slots[removed[index]?.slotIndices[0] ?? -1];
    const weight = predecessor?.weight ?? 1;
    const lock = predecessor?.locked === true ? { locked: true } : {};
    const at = { firstNumber: firstNumber + typed.length, source };
    for (const slot of slotsFromText(word, tokenizer, at)) typed.push({ ...slot, weight, ...lock });
  });
  return typed;
}

/** The words of a running text: what stands between runs of white space, which no CLIP token ever crosses. */
function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
