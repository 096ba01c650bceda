import type { BlendSide } from './check-blend.ts';
import type { Lexicon } from './lexicon.ts';
import { readPictureWords } from './picture-words.ts';
import type { PictureWord } from './picture-words.ts';
import type { SaidWord } from './sentence.ts';

const joining = new Set(['relation', 'filler', 'adverb', 'verb']);

function firstOfBase(words: readonly PictureWord[], base: string): PictureWord | undefined {
  return words.find((word) => word.base === base);
}

/**
 * For every word of a writer's sentence the text it is from: the one that says it. What both say counts as the first one's where it is part of
 * its object, else as the second one's; what neither says is the writer's own.
 */
export function creditWords(text: string, a: BlendSide, b: BlendSide, objectOf: 'a' | 'b', lexicon: Lexicon): SaidWord[] {
  const [object, scene] = objectOf === 'a' ? [a, b] : [b, a];
  const other = objectOf === 'a' ? 'b' : 'a';
  const { subject, companion, clothing } = object.parts;
  const phrases = [subject, companion, clothing].filter((phrase) => phrase !== null);
  const own = new Set(phrases.flatMap(({ before, head }) => [...before, head]).map(({ base }) => base));
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((raw): SaidWord => {
      const [word] = readPictureWords(raw, lexicon);
      if (word === undefined || joining.has(word.kind)) return { text: raw, from: null, index: null };
      const inObject = firstOfBase(object.words, word.base);
      const inScene = firstOfBase(scene.words, word.base);
      const isObjects = inObject !== undefined && (inScene === undefined || own.has(word.base));
      const found = isObjects ? inObject : inScene;
      return { text: raw, from: found === undefined ? null : isObjects ? objectOf : other, index: found?.index ?? null };
    });
}
