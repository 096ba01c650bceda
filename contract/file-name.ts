import { pictureEndings } from './picture-formats.ts';

/** Most file systems take 255 bytes; the rest is for endings, numbers and temporary names. */
const mostBytes = 200;
/** Names that Windows keeps for devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const ownEndings = [...pictureEndings, 'bmp', 'svg', 'txt', 'json', 'md', 'csv', 'jsonl', 'html'];
const ownEnding = new RegExp(`\\.(${ownEndings.join('|')})$`, 'i');

const graphemes = new Intl.Segmenter();

/** Length in UTF-8. */
function bytesOf(text: string): number {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0).reduce(
    (sum, point) => sum + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4),
    0,
  );
}

/** The beginning of a text, cut between what a person sees as characters, of at most so many UTF-8 bytes. */
function cutToBytes(text: string, limit: number): string {
  let kept = '';
  let bytes = 0;
  for (const { segment } of graphemes.segment(text)) {
    bytes += bytesOf(segment);
    if (bytes > limit) break;
    kept += segment;
  }
  return kept;
}

/**
 * A title as a file name that every file system takes: letters of any script in their composed form, no separators, no control
 * characters, at most 200 bytes before the ending, never empty.
 */
export function toFileName(title: string, extension: string): string {
  const plain = title
    .normalize('NFC')
    .replace(ownEnding, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const short = cutToBytes(plain, mostBytes).replace(/^[. ]+|[. ]+$/g, '');
  const safe = short === '' || deviceName.test(short) ? `picture ${short}`.trim() : short;
  return `${safe}.${extension}`;
}

/** A text as a short name for the command line, without an ending: letters and digits of any script with dashes between. */
export function toDashedName(text: string): string {
  const dashed = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const short = Array.from(graphemes.segment(dashed), ({ segment }) => segment)
    .slice(0, 48)
    .join('');
  const safe = cutToBytes(short, mostBytes).replace(/^-+|-+$/g, '');
  return safe === '' || deviceName.test(safe) ? `picture-${safe}`.replace(/-$/, '') : safe;
}
