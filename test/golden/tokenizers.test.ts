import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadClipTokenizer } from '../../main/tokenizer/load-clip-tokenizer.ts';
import { loadT5Tokenizer } from '../../main/tokenizer/load-t5-tokenizer.ts';
import type { PromptTokenizer } from '../../main/tokenizer/prompt-tokenizer.ts';
import { readGolden } from './read-golden.ts';

const ids = z.array(z.number());
const golden = readGolden('tokenizers', z.object({ text: z.string(), clip: ids, t5: ids }));

function wrongIds(tokenizer: PromptTokenizer, kind: 'clip' | 't5'): unknown[] {
  return golden.cases
    .map(({ text, ...expected }) => ({ text, expected: expected[kind], actual: tokenizer.encode(text).map(({ id }) => id) }))
    .filter(({ expected, actual }) => expected.join() !== actual.join());
}

describe(`the ids of ${golden.cases.length} texts equal those of Hugging Face`, () => {
  it('with CLIP’s own vocabulary', async () => {
    expect(wrongIds(await loadClipTokenizer(), 'clip')).toEqual([]);
  });

  it('with a vocabulary in T5’s form', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dediffusion-t5-'));
    const packed = readFileSync(new URL('../fixtures/models/t5-tokenizer.json.gz', import.meta.url));
    writeFileSync(join(folder, 'tokenizer.json'), gunzipSync(packed));
    expect(wrongIds(await loadT5Tokenizer(folder), 't5')).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
