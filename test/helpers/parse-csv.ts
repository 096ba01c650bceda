/** Reads RFC 4180 as a spreadsheet does: fields in quotes may hold commas, line ends and doubled quotes. One array a line. */
export function parseCsv(given: string): string[][] {
  // The mark that tells a spreadsheet it is UTF-8 is no part of the first cell.
  const text = given.replace(/^\uFEFF/, '');
  const lines: string[][] = [];
  let line: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[(at += 1)] ?? '';
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      line.push(field);
      field = '';
    } else if (character === '\r' && text[at + 1] === '\n') {
      lines.push([...line, field]);
      line = [];
      field = '';
      at += 1;
    } else field += character;
  }
  if (quoted || field !== '' || line.length > 0) throw new Error('the last line does not end');
  return lines;
}
