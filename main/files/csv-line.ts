/** RFC 4180 ends lines so. */
const END = '\r\n';

/** Before the first line: the mark that tells spreadsheets that a file is UTF-8. */
export const CSV_MARK = '\uFEFF';

export type CsvValue = string | number | boolean | null;

/** A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it the text it is. */
function disarm(text: string): string {
  return /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quote(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = disarm(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of RFC 4180. Numbers have a point; what is not there is empty. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(quote).join(',')}${END}`;
}
