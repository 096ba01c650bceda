import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareWithTable, listSearchWords, narrowTable } from '../../../../main/prompt/search/token-table.ts';
import { loadTokenizer } from '../../../../main/tokenizer/load-tokenizer.ts';

it('lists whole words of letters and digits, and nothing that a model keeps for itself', async () => {
  const tokenizer = await loadTokenizer(join(import.meta.dirname, '../../../../models/packs/tiny-scenes/decoder/tokenizer'));
  const texts = Array.from(listSearchWords(tokenizer), (id) => tokenizer.tokenText(id).text);
  for (const word of ['fox', 'red', 'strawberry', '3']) expect(texts).toContain(word);
  for (const part of ['strawb', ',', '<|endoftext|>', '']) expect(texts).not.toContain(part);
});

it('compares a vector with every word of a table', () => {
  const table = { tokenIds: Int32Array.of(3, 7), width: 2, vectors: Float32Array.of(1, 0, 0.6, 0.8) };
  const [first, second] = compareWithTable(table, Float32Array.of(0, 1));
  expect(first).toBe(0);
  expect(second).toBeCloseTo(0.8, 6);
});

it('is narrowed to some words, as far as it knows them', () => {
  const table = { tokenIds: Int32Array.of(3, 7, 9), width: 2, vectors: Float32Array.of(1, 0, 0.6, 0.8, 0, 1) };
  const narrow = narrowTable(table, [9, 3, 4, 9]);
  expect(narrow).toEqual({ tokenIds: Int32Array.of(3, 9), width: 2, vectors: Float32Array.of(1, 0, 0, 1) });
});
