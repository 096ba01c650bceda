import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { inPlaceOf, visibleWords } from '../../contract/texts/words.ts';
import { editPrompt } from '../prompt/edit-prompt.ts';
import { setText } from '../prompt/edits/set-text.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { findHints } from './find-hints.ts';
import { findParts } from './find-parts.ts';
import type { Lexicon } from './lexicon.ts';
import type { WordKind } from './word-kind.ts';
import { readPictureWords } from './picture-words.ts';

/**
 * Plain words in place of names and brands; a name that is said again is left out. Everything else keeps its tokens.
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function replaceNames(document: PromptDocument, tokenizer: Tokenizer): PromptDocument {
  const plainOf = new Map<string, { readonly neutral: string; readonly name: string }>();
  for (const { slotIds, neutral, text } of findHints(document, { sensitive: false })) {
    // A name of two words becomes plain at its first one; the rest of it goes.
    if (neutral !== null) slotIds.forEach((id, at) => plainOf.set(id, { neutral: at === 0 ? neutral : '', name: text }));
  }
  const said = new Set<string>();
  const words = visibleWords(document.slots).map(({ text, slotIndices }, at, all) => {
    const plain = plainOf.get(document.slots[slotIndices[0] ?? -1]?.id ?? '');
    if (plain === undefined) return text;
    const { neutral, name } = plain;
    if (neutral === '' || said.has(neutral)) return '';
    said.add(neutral);
    // After another article or an adjective the own article goes.
    const hasArticle = at > 0 && /^(?:a|an|the)$/i.test(all[at - 1]?.text ?? '');
    return inPlaceOf(name, hasArticle ? neutral.replace(/^an? /, '') : neutral);
  });
  return setText(document, words.filter((word) => word !== '').join(' '), tokenizer);
}

/** How much a word of its kind says, most first. */
const worth: Readonly<Partial<Record<WordKind, number>>> = {
  person: 9,
  animal: 9,
  vehicle: 8,
  thing: 8,
  food: 8,
  plant: 6,
  place: 7,
  medium: 6,
  style: 6,
  colour: 5,
  light: 5,
  action: 5,
  clothing: 4,
  material: 4,
  body: 4,
  attribute: 3,
  shape: 3,
  relation: 2,
  verb: 1.5,
  adverb: 1,
  abstract: 1,
  filler: 0.5,
};

/**
 * The text with at most `limit` tokens, by leaving words out: glued ones and repeats first, then what says least. Locked words stay, as long
 * as others can go.
 */
export function shortenDocument(document: PromptDocument, limit: number, lexicon: Lexicon, tokenizer: Tokenizer): PromptDocument {
  const known = readPictureWords(renderPrompt(document).text, lexicon);
  const { subject, subjectBases } = findParts(known);
  const byIndex = new Map(known.map((word) => [word.index, word]));
  const seen = new Set<string>();
  const ranked = visibleWords(document.slots).map(({ slotIndices }, index) => {
    const word = byIndex.get(index);
    const isLocked = slotIndices.some((at) => document.slots[at]?.locked === true);
    const isRepeat = word !== undefined && seen.has(word.base);
    if (word !== undefined) seen.add(word.base);
    const own =
      word === undefined
        ? 0
        : word.base === subject?.head.base
          ? 20
          : (worth[word.kind] ?? 0) + (subjectBases.has(word.base) ? 2 : 0);
    return { slotIndices, value: isLocked ? 100 : isRepeat ? own * 0.05 : own, index };
  });
  // Of equal ones the later goes.
  const leaving = ranked.sort((a, b) => a.value - b.value || b.index - a.index);
  let tokens = document.slots.filter(({ muted }) => muted !== true).length;
  const gone: string[] = [];
  for (const { slotIndices } of leaving) {
    if (tokens <= limit) break;
    gone.push(...slotIndices.flatMap((at) => document.slots[at]?.id ?? []));
    tokens -= slotIndices.length;
  }
  return gone.length === 0 ? document : editPrompt(document, { type: 'delete', slotIds: gone }, tokenizer);
}
