import { cutAtWord } from '../../contract/texts/cut-text.ts';
import type { LibraryItem } from '../../contract/library.ts';

const mostCharacters = 80;

/** What cameras, phones, browsers and tools call their files; with these alone a name says nothing of its picture. */
const wordsOfFiles = new Set(
  (
    'img image images dsc dscn dscf dcim pxl mvimg gopr gh dji cimg sam kimg pict p photo photos foto picture pic bild screenshot screen shot ' +
    'bildschirmfoto capture scan untitled unbenannt unnamed noname download downloads file whatsapp signal fb received snapchat clipboard ' +
    'pasted paste from reconstruction original drawn output out result results generated generation tmp temp new copy kopie von of final edited ' +
    'crop cropped resized at am pm um jpg jpeg png webp avif heic gif bmp tif tiff'
  ).split(' '),
);
const pictureEnding = /\.(?:jpe?g|png|webp|avif|heic|gif|bmp|tiff?)$/iu;

/** Whether a file's name says something of its picture: "farm pig" does, "IMG_1234", a date or a hash does not. */
export function isTelling(name: string): boolean {
  // Letters and digits in turn, eight and more, are an id or a hash, whatever it begins with.
  const words = name.replace(pictureEnding, '').split(/[^\p{L}\p{N}\p{M}]+/u);
  return words.some((word) => {
    if (/^(?=.*\d)[\da-f]{6,}$/iu.test(word) || /^[a-f]{8,}$/iu.test(word)) return false;
    if (/(?:\d\p{L}|\p{L}\d).*(?:\d\p{L}|\p{L}\d)/u.test(word) && word.length >= 8) return false;
    const letters = word.replace(/\p{N}+/gu, '').toLowerCase();
    // One letter of a script that writes a word with it, two of any other.
    return (
      !wordsOfFiles.has(letters) &&
      (letters.length > 2 || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(letters))
    );
  });
}

/** The name an item has by itself: the one a person gave, or that of its file where it is a telling one. Empty for none. */
export function nameOfItem(item: LibraryItem): string {
  if (item.named) return item.title;
  // A drawing comes from no file: until a person says otherwise it is called by the beginning of its text.
  if (item.kind === 'generation') return '';
  return isTelling(item.title) ? tidy(item.title) : '';
}

/**
 * What an item is called in lists. A person's own title wins; then come a telling name of its file with the subject of its text, the
 * subject alone, and the beginning of the text. A picture that nothing is known of has its file's name after all, telling or not.
 *
 * @param subject What the item's text is about (`nameSubject`), of a picture the first text that was read in it; empty where unknown
 */
export function titleOf(item: LibraryItem, subject: string): string {
  const name = nameOfItem(item);
  const text =
    item.kind === 'picture' ? item.title.replace(pictureEnding, '') : item.kind === 'prompt' ? item.text : item.recipe.text;
  if (item.named || (name !== '' && item.kind === 'picture')) return name;
  const [thing = ''] = subject.split(',');
  if (name !== '')
    return thing === '' || name.toLowerCase().includes(thing.toLowerCase())
      ? name
      : `${name}, ${subject.charAt(0).toLowerCase()}${subject.slice(1)}`;
  return subject || cutAtWord(text, mostCharacters);
}

function tidy(name: string): string {
  return name.replace(pictureEnding, '').replaceAll('_', ' ').replace(/\s+/gu, ' ').trim();
}
