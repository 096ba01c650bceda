const LONGEST = 48;

/** A short file name out of a text or another file's name: letters, digits and dashes, safe on every system. */
export function fileNameFor(text: string): string {
  const dashed = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return dashed === '' ? 'picture' : dashed;
}
