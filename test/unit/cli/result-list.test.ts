import { expect, test } from 'vitest';
import { ResultList } from '../../../main/shell/cli/output/result-list.ts';

function openList(json: boolean): { readonly list: ResultList; readonly written: string[] } {
  const written: string[] = [];
  const list = new ResultList('images', json, (text) => {
    written.push(text);
    return Promise.resolve();
  });
  return { list, written };
}

const part = (image: string) => ({ document: { image }, text: `${image}\na text` });

test('each result is written when it comes, one a line, and the whole is one document', async () => {
  const { list, written } = openList(true);
  expect(list.isOpen).toBe(false);
  await list.add(part('a.png'));
  expect(list.isOpen).toBe(true);
  expect(written.join('')).toBe('{"images":[\n{"image":"a.png"}');
  await list.add(part('b.png'));
  expect(written).toHaveLength(2);
  await list.end({ errors: [{ image: 'c.png' }] });
  expect(JSON.parse(written.join(''))).toEqual({
    images: [{ image: 'a.png' }, { image: 'b.png' }],
    errors: [{ image: 'c.png' }],
  });
  expect(written.join('').split('\n')[2]).toBe('{"image":"b.png"}');
});

test('a command that fails in between leaves one document as well', async () => {
  const { list, written } = openList(true);
  await list.add(part('a.png'));
  await list.end({ error: { code: 'engine-crashed' } });
  expect(JSON.parse(written.join(''))).toEqual({ images: [{ image: 'a.png' }], error: { code: 'engine-crashed' } });
});

test('for a person results stand apart by an empty line', async () => {
  const { list, written } = openList(false);
  await list.add(part('a.png'));
  await list.add(part('b.png'));
  await list.end({ errors: [] });
  expect(written.join('')).toBe('a.png\na text\n\nb.png\na text\n');
});
