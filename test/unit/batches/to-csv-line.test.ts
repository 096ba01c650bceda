import { describe, expect, it } from 'vitest';
import type { BatchTableLine } from '../../../contract/batch.ts';
import { CSV_HEADER, toCsvLine } from '../../../main/batches/to-csv-line.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';

const LINE: BatchTableLine = {
  file: 'fox.png',
  sha256: 'a'.repeat(64),
  state: 'done',
  length: 5,
  text: 'a red fox',
  prompt: 'a red fox',
  fidelity_mean: 0.875,
  fidelity_spread: 0,
  inside_world: true,
  world_score: 0.93,
  error: null,
  item_id: 'item-1',
};

const read = (line: BatchTableLine) => {
  const [header, values] = parseCsv(CSV_HEADER + toCsvLine(line));
  return Object.fromEntries((header ?? []).map((name, index) => [name, values?.[index]]));
};

describe('a line of CSV', () => {
  it('has its columns in a fixed order', () => {
    expect(CSV_HEADER).toBe(
      'file,sha256,state,length,text,prompt,fidelity_mean,fidelity_spread,inside_world,world_score,error,item_id\r\n',
    );
    expect(read(LINE)).toMatchObject({
      file: 'fox.png',
      length: '5',
      fidelity_mean: '0.875',
      fidelity_spread: '0',
      inside_world: 'true',
      error: '',
    });
  });

  it.each(['a, b', 'say "fox"', 'two\r\nlines', 'two\nlines', '"', ',', '', 'naïve 狐 🦊', "it's", 'a=b', '1-2'])(
    'comes back from a parser: %j',
    (text) => expect(read({ ...LINE, file: text, text })).toMatchObject({ file: text, text }),
  );

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1+1', '＝1+1', '=HYPERLINK("http://x","y")'])(
    'never begins like a formula: %j',
    (text) => expect(read({ ...LINE, file: text })['file']).toBe(`'${text}`),
  );
});
