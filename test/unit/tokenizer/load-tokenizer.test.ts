import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../main/tokenizer/load-tokenizer.ts';

const vocabulary = {
  a: 0,
  c: 1,
  t: 2,
  'a</w>': 3,
  't</w>': 4,
  ca: 5,
  'cat</w>': 6,
  '!</w>': 7,
  '<|startoftext|>': 8,
  '<|endoftext|>': 9,
};
const merges = ['c a', 'ca t</w>'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dediffusion-tokenizer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const write = (name: string, content: unknown): void => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
};
const writeClassic = (): void => {
  write('vocab.json', vocabulary);
  write('merges.txt', `#version: 0.2\r\n${merges.join('\r\n')}\r\n`);
};

describe('loadTokenizer', () => {
  it('reads vocab.json and merges.txt alone, with what CLIP means by default', async () => {
    writeClassic();
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.encode('a cat').map((token) => token.id)).toEqual([3, 6]);
    expect([tokenizer.bosId, tokenizer.eosId, tokenizer.padId, tokenizer.modelMaxLength, tokenizer.vocabularySize]).toEqual([
      8, 9, 9, 77, 10,
    ]);
  });

  it('reads padding and length from the config, special tokens as text or objects', async () => {
    writeClassic();
    write('tokenizer_config.json', { model_max_length: 32, pad_token: '<|endoftext|>' });
    write('special_tokens_map.json', { pad_token: '!</w>', eos_token: { content: '<|endoftext|>', lstrip: false } });
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.modelMaxLength).toBe(32);
    expect([...tokenizer.toModelInputs([[6]], { maxLength: 5 })]).toEqual([8n, 6n, 9n, 7n, 7n]);
  });

  it('takes an endless length for CLIP’s', async () => {
    writeClassic();
    write('tokenizer_config.json', { model_max_length: 1e30 });
    expect((await loadTokenizer(folder)).modelMaxLength).toBe(77);
  });

  it('reads the newer tokenizer.json, with merges as pairs', async () => {
    write('tokenizer.json', { model: { type: 'BPE', vocab: vocabulary, merges: merges.map((merge) => merge.split(' ')) } });
    expect((await loadTokenizer(folder)).encode('cat').map((token) => token.id)).toEqual([6]);
  });

  it('knows added tokens as written', async () => {
    writeClassic();
    write('tokenizer_config.json', { pad_token: '<pad>', added_tokens_decoder: { 10: { content: '<pad>', special: true } } });
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.padId).toBe(10);
    expect(tokenizer.encode('cat<pad>').map((token) => token.id)).toEqual([6, 10]);
    expect(tokenizer.decode([6, 10, 10])).toBe('cat');
  });

  it('gives the unknown token for characters the vocabulary lacks', async () => {
    writeClassic();
    expect((await loadTokenizer(folder)).encode('z').map((token) => token.id)).toEqual([9]);
  });

  it('names what is missing or damaged', async () => {
    await expect(loadTokenizer(folder)).rejects.toMatchObject({
      code: 'pack-file-missing',
      message: 'The tokenizer has no vocab.json.',
    });
    write('vocab.json', vocabulary);
    await expect(loadTokenizer(folder)).rejects.toMatchObject({
      code: 'pack-file-missing',
      message: 'The tokenizer has no merges.txt.',
    });
    write('merges.txt', merges.join('\n'));
    write('vocab.json', '{"a": ');
    await expect(loadTokenizer(folder)).rejects.toMatchObject({
      code: 'pack-invalid',
      details: { path: join(folder, 'vocab.json') },
    });
    write('vocab.json', { a: 0 });
    await expect(loadTokenizer(folder)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: 'The vocabulary lacks its token <|startoftext|>.',
    });
  });

  it.skipIf(process.platform === 'win32').each(['vocab.json', 'merges.txt', 'tokenizer_config.json'])(
    'does not wait for a pipe in place of %s',
    async (name) => {
      writeClassic();
      rmSync(join(folder, name), { force: true });
      execFileSync('mkfifo', [join(folder, name)]);
      await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'pack-invalid', details: { reason: 'not-regular' } });
    },
  );

  it.each<readonly [string, string, () => unknown]>([
    ['too many tokens', 'vocab.json', () => Object.fromEntries(Array.from({ length: 300_001 }, (_, id) => [`t${id}`, id]))],
    ['too many merges', 'merges.txt', () => 'a b\n'.repeat(300_001)],
    ['an id the engine cannot hold', 'vocab.json', () => ({ ...vocabulary, far: 2 ** 40 })],
    ['rows of a hundred thousand tokens', 'tokenizer_config.json', () => ({ model_max_length: 100_000 })],
    ['rows of one token', 'tokenizer_config.json', () => ({ model_max_length: 1 })],
    ['a special token of no character', 'special_tokens_map.json', () => ({ pad_token: '' })],
  ])('refuses %s', async (_name, file, content) => {
    writeClassic();
    write(file, content());
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: 'pack-invalid' });
  });
});
