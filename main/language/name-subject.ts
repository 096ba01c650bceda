import { findParts } from './find-parts.ts';
import type { Lexicon } from './lexicon.ts';
import { readPictureWords } from './picture-words.ts';

/** So many words say what a text is about; the rest tells of it. */
const mostWords = 30;
/** Where something is, and how it is turned: readers say it of everything. */
const positions = new Set(
  'leftmost rightmost left right top middle bottom central centre center north south west east upright medium'.split(' '),
);
/** Every picture is one. */
const plainMedia = new Set(['picture', 'photo', 'photograph', 'photography', 'image', 'closeup']);
/** How a picture is made, said as a style of it. */
const mediaAsStyles = new Set(['sticker', 'comic', 'cartoon', 'anime', 'manga', 'decal', 'doodle', 'pixel']);

/** What a text shows first of all, as a name for it: "Pig, sticker style", "Lighthouse, watercolor", "Cat". Empty where it names nothing. */
export function nameSubject(text: string, lexicon: Lexicon): string {
  const words = readPictureWords(text.split(/\s+/u).filter(Boolean).slice(0, mostWords).join(' '), lexicon);
  const { subject, companion, medium, styles } = findParts(words.filter(({ text: word }) => !positions.has(word)));
  if (subject === null) return '';
  const things = [subject, companion].flatMap((phrase) => (phrase === null ? [] : [phrase.head.text])).join(' and ');
  const look = findLook(text, medium?.base ?? null, styles[0]?.text ?? null);
  const name = look === null || things.includes(look) ? things : `${things}, ${look}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function findLook(text: string, medium: string | null, style: string | null): string | null {
  const said = /(\p{L}[\p{L}-]+) style\b/iu.exec(text)?.[1];
  if (said !== undefined) return `${said.toLowerCase()} style`;
  if (medium !== null && mediaAsStyles.has(medium)) return `${medium} style`;
  if (medium !== null && !plainMedia.has(medium)) return medium;
  return style === null ? null : `${style} style`;
}
