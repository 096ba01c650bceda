import { batchTableLineSchema } from '../../contract/batch.ts';
import type { BatchTableLine } from '../../contract/batch.ts';

const COLUMNS = batchTableLineSchema.keyof().options;

/** RFC 4180 ends lines so. */
const END = '\r\n';

export const CSV_HEADER = `${COLUMNS.join(',')}${END}`;

/** A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it the text it is. */
function disarm(text: string): string {
  return /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quote(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = disarm(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of RFC 4180 in the order of `CSV_HEADER`. Numbers have a point; what is not there is empty. */
export function toCsvLine(line: BatchTableLine): string {
  return `${COLUMNS.map((column) => quote(line[column])).join(',')}${END}`;
}
