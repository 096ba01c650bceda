import type { PromptDocument, Slot } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { diffWords } from '../diff-words.ts';
import type { WordChange } from '../diff-words.ts';
import { renderPrompt } from '../render-prompt.ts';
import type { RenderedWord } from '../render-prompt.ts';
import { nextSlotNumber, refuseTooManySlots, slotsFromText } from '../slots-from-text.ts';
import { splitWords } from '../split-words.ts';

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
  const slots = applyChanges(document, oldWords, newWords, changes, tokenizer);
  refuseTooManySlots(slots.length);
  return { ...document, slots };
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
  tokenizer: Tokenizer,
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
    const typed = typeWords(document, removed, newWords.slice(change.fromNew, change.toNew), tokenizer, nextNumber);
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
  tokenizer: Tokenizer,
  firstNumber: number,
): Slot[] {
  if (removed.length !== words.length) return slotsFromText(words.join(' '), tokenizer, firstNumber);
  const typed: Slot[] = [];
  words.forEach((word, index) => {
    const predecessor = document.slots[removed[index]?.slotIndices[0] ?? -1];
    const weight = predecessor?.weight ?? 1;
    const locked = predecessor?.locked ?? false;
    for (const slot of slotsFromText(word, tokenizer, firstNumber + typed.length)) typed.push({ ...slot, weight, locked });
  });
  return typed;
}
