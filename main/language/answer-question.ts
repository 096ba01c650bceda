import type { BlendSide } from './check-blend.ts';
import type { Lexicon } from './lexicon.ts';
import type { PictureWord } from './picture-words.ts';

export interface RuleAnswer {
  readonly answer: string;
  /** False where the text does not say it. */
  readonly isTold: boolean;
  readonly evidence: readonly PictureWord[];
}

const numbers = new Map('one two three four five six seven eight nine ten'.split(' ').map((word, index) => [word, index + 1]));
const sides = new Set(
  'left right top bottom middle centre center leftmost rightmost upper lower central above below corner beside behind under'.split(
    ' ',
  ),
);
const askedWords = new Set(
  'what who which whose where how many much color colour is are there does do the a an in on of picture image'.split(' '),
);
/** What is said where the text does not tell. */
export const untold: RuleAnswer = { answer: 'This cannot be told from the text.', isTold: false, evidence: [] };

/** @param between stands between the words of the answer; the evidence is in the order of the text */
function tell(words: readonly PictureWord[], between = ' '): RuleAnswer {
  if (words.length === 0) return untold;
  const evidence = [...words].sort((a, b) => a.index - b.index);
  return { answer: words.map(({ text }) => text).join(between), isTold: true, evidence };
}

const firsts = (words: readonly PictureWord[]): PictureWord[] =>
  words.filter((word, at) => words.findIndex(({ base }) => base === word.base) === at);

/** The words of a question that could be in a text. */
function thingsIn(question: string, lexicon: Lexicon): string[] {
  const words = question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !askedWords.has(word)).map((word) => lexicon.baseOf(word));
}

function howMany({ words, text }: BlendSide, things: readonly string[]): RuleAnswer {
  const raw = text.toLowerCase().split(/\s+/u);
  const counts = raw.flatMap((word, index) => (numbers.has(word) ? [{ word, index }] : []));
  const named = words.find(({ base }) => things.includes(base));
  // The number that goes before the thing, with what tells of it in between.
  const found = counts.filter(({ index }) => named === undefined || (index < named.index && named.index - index <= 4)).at(-1);
  if (found !== undefined) {
    const word: PictureWord = { text: found.word, base: found.word, kind: 'attribute', isName: false, index: found.index };
    return { answer: String(numbers.get(found.word)), isTold: true, evidence: named === undefined ? [word] : [word, named] };
  }
  return named !== undefined && named.text === named.base && /^an?$/.test(raw[named.index - 1] ?? '')
    ? { answer: '1', isTold: true, evidence: [named] }
    : untold;
}

function whichColour({ words }: BlendSide, things: readonly string[]): RuleAnswer {
  const colours = words.filter(({ kind }) => kind === 'colour');
  const named = words.filter(({ base }) => things.includes(base) || (things.includes('background') && base === 'backdrop'));
  if (named.length === 0) return things.length === 0 ? tell(firsts(colours).slice(0, 3), ', ') : untold;
  const before = colours.filter(({ index }) => named.some((one) => one.index > index && one.index - index <= 6));
  const near = colours.filter(({ index }) => before.some((one) => one.index - index <= 3 && one.index >= index));
  return tell(firsts(near), ', ');
}

function isThere({ words }: BlendSide, things: readonly string[]): RuleAnswer {
  const found = words.filter(({ base }) => things.includes(base));
  if (things.length === 0) return untold;
  const all = things.every((thing) => found.some(({ base }) => base === thing));
  return all ? { answer: 'yes', isTold: true, evidence: firsts(found) } : { ...untold, answer: 'The text does not say so.' };
}

/**
 * Answers a question from the words of a text alone, by rules: what or who, how many, which colour, where, which style, whether something is
 * there. English questions; what it does not understand cannot be told.
 */
export function answerQuestion(question: string, side: BlendSide, lexicon: Lexicon): RuleAnswer {
  const asked = question.toLowerCase();
  const things = thingsIn(asked, lexicon);
  const { parts, words } = side;
  if (/\bhow many\b/.test(asked)) return howMany(side, things);
  if (/\bcolou?rs?\b/.test(asked))
    return whichColour(
      side,
      things.filter((thing) => !/^colou?r$/.test(thing)),
    );
  if (/\bwhere\b|\bwhich (?:side|place|position)\b|\bposition\b/.test(asked)) {
    const placed = firsts(words.filter(({ text }) => sides.has(text)));
    const places = parts.places.slice(0, 3).map(({ head }) => head);
    const backdrop = parts.backdrop === null ? [] : [...parts.backdrop.before, parts.backdrop.head];
    if (places.length > 0) return tell(places, ', ');
    return placed.length > 0 ? tell(placed, ', ') : tell(backdrop);
  }
  if (/\bstyle\b|\bmedium\b|\bkind of (?:picture|image)\b/.test(asked)) {
    return tell(firsts([...parts.styles.slice(0, 2), ...(parts.medium === null ? [] : [parts.medium])]));
  }
  if (/\b(?:doing|happening)\b/.test(asked)) return tell(parts.action === null ? [] : [parts.action]);
  if (/\b(?:wear|wearing|dressed)\b/.test(asked))
    return tell(parts.clothing === null ? [] : [...parts.clothing.before, parts.clothing.head]);
  if (/\b(?:light|weather|time)\b/.test(asked)) return tell(parts.light.slice(0, 2));
  if (/^(?:is|are|does|do|can|has|have)\b/.test(asked)) return isThere(side, things);
  if (/\b(?:what|who|which)\b/.test(asked)) {
    const shown = [parts.subject, parts.companion].filter((phrase) => phrase !== null).map(({ head }) => head);
    return tell(shown);
  }
  return untold;
}
