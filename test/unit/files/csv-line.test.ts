import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../main/files/csv-line.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';

describe('a line of CSV', () => {
  it('writes numbers with a point, and nothing for what is not there', () => {
    expect(csvLine(['fox.png', 5, 0.875, true, null, 0])).toBe('fox.png,5,0.875,true,,0\r\n');
  });

  it.each(['a, b', 'say "fox"', 'two\r\nlines', 'two\nlines', '"', ',', '', 'naïve 狐 🦊', "it's", 'a=b', '1-2'])(
    'comes back from a parser: %j',
    (text) => expect(parseCsv(csvLine([text, 'then']))).toEqual([[text, 'then']]),
  );

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1+1', '＝1+1', '=HYPERLINK("http://x","y")'])(
    'never begins like a formula: %j',
    (text) => expect(parseCsv(csvLine([text]))[0]?.[0]).toBe(`'${text}`),
  );
});
