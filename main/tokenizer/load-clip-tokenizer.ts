import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KeptSuccess } from '../running/kept-success.ts';
import { byteAlphabet } from './byte-alphabet.ts';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { rankMerges } from './rank-merges.ts';
import type { Tokenizer } from './tokenizer.ts';

const clipTokenizer = new KeptSuccess(load);

/**
 * CLIP's own tokenizer, 49,408 tokens: what counts the tokens of tools outside (Stable Diffusion, SDXL) whatever the pack's
 * vocabulary is. Read at first use, then kept.
 */
export function loadClipTokenizer(): Promise<Tokenizer> {
  return clipTokenizer.get();
}

/** Ids follow from the order: 256 bytes, 256 bytes that end a word, the merges, begin and end (openai/CLIP, simple_tokenizer.py). */
async function load(): Promise<Tokenizer> {
  const packed = await readFile(new URL('./clip-vocabulary/merges.txt.gz', import.meta.url));
  const merges = (await promisify(gunzip)(packed)).toString('utf8').trimEnd().split('\n');
  const bytes = byteAlphabet.vocabularyOrder;
  const tokens = [
    ...bytes,
    ...bytes.map((character) => `${character}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  return new ClipTokenizer({
    idOfToken: new Map(tokens.map((token, id) => [token, id])),
    ranks: rankMerges(merges),
    bosToken: '<|startoftext|>',
    eosToken: '<|endoftext|>',
    padToken: '<|endoftext|>',
    unknownToken: '<|endoftext|>',
    specialTokens: ['<|startoftext|>', '<|endoftext|>'],
    modelMaxLength: 77,
  });
}
