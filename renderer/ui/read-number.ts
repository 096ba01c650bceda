/**
 * A number as people write it: 12 345 and 12,345 where only whole numbers are meant, 7,5 as well as 7.5, −1 with any dash, digits
 * of any script. Null where the text is no number.
 */
export function readNumber(text: string, whole: boolean): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s'’_]/gu, '')
    .replace(/\p{Nd}/gu, toDigit)
    .replace(/٫/gu, '.')
    .replace(/^[\u2010-\u2015\u2212]/u, '-');
  const digits = whole && /^[-+]?\d{1,3}(?:[.,٬]\d{3})+$/u.test(plain) ? plain.replace(/[.,٬]/gu, '') : withPoint(plain);
  return /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(digits) ? Number(digits) : null;
}

/** The last comma or point parts the fraction; those before it only group digits. */
function withPoint(text: string): string {
  const at = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
  return at === -1 ? text : `${text.slice(0, at).replace(/[.,٬]/gu, '')}.${text.slice(at + 1)}`;
}

/** Every script has its digits in a row, from nought on. */
function toDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let nought = code;
  while (code - nought < 9 && /\p{Nd}/u.test(String.fromCodePoint(nought - 1))) nought -= 1;
  return String(code - nought);
}
