import { expect, it } from 'vitest';
import { z } from 'zod';
import { loadClipTokenizer } from '../../main/tokenizer/load-clip-tokenizer.ts';
import { readGolden } from './read-golden.ts';

const golden = readGolden('clip-tokenizer', z.object({ text: z.string(), ids: z.array(z.number()) }));

it(`gives the ids of Hugging Face's CLIPTokenizer for ${golden.cases.length} texts`, async () => {
  const tokenizer = await loadClipTokenizer();
  const wrong = golden.cases
    .map(({ text, ids }) => ({ text, expected: ids, actual: tokenizer.encode(text).map((token) => token.id) }))
    .filter(({ expected, actual }) => expected.join() !== actual.join());
  expect(wrong).toEqual([]);
});
