import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { rankMerges } from './rank-merges.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Hugging Face writes a special token as its text or as an object around it. */
const specialTokenSchema = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const specialTokensSchema = z.object({
  bos_token: specialTokenSchema.nullish(),
  eos_token: specialTokenSchema.nullish(),
  pad_token: specialTokenSchema.nullish(),
  unk_token: specialTokenSchema.nullish(),
});
const tokenizerConfigSchema = specialTokensSchema.extend({
  model_max_length: z.number().positive().nullish(),
  added_tokens_decoder: z.record(z.string(), z.object({ content: z.string(), special: z.boolean().default(false) })).default({}),
});
const vocabularySchema = z.record(z.string(), z.number().int().nonnegative());
/** The newer single file, which transformers writes from release 5 on. */
const tokenizerJsonSchema = z.object({
  model: z.object({ vocab: vocabularySchema, merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])) }),
});

/** What transformers writes when a tokenizer has no limit: int(1e30). CLIP's own limit stands in. */
const unlimited = 1_000_000;
const clipMaxLength = 77;

/**
 * Reads a CLIP-format tokenizer folder: vocab.json and merges.txt, or tokenizer.json, with tokenizer_config.json and
 * special_tokens_map.json where they are. Throws `pack-file-missing` or `pack-invalid`.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const config =
    (await readJson(join(folder, 'tokenizer_config.json'), tokenizerConfigSchema)) ?? tokenizerConfigSchema.parse({});
  const special = (await readJson(join(folder, 'special_tokens_map.json'), specialTokensSchema)) ?? {};
  const { idOfToken, merges } = await readVocabulary(folder);
  const added = Object.entries(config.added_tokens_decoder);
  for (const [id, token] of added) idOfToken.set(token.content, Number(id));

  const bosToken = special.bos_token ?? config.bos_token ?? '<|startoftext|>';
  const eosToken = special.eos_token ?? config.eos_token ?? '<|endoftext|>';
  const limit = config.model_max_length ?? clipMaxLength;
  return new ClipTokenizer({
    idOfToken,
    ranks: rankMerges(merges),
    bosToken,
    eosToken,
    padToken: special.pad_token ?? config.pad_token ?? eosToken,
    unknownToken: special.unk_token ?? config.unk_token ?? eosToken,
    specialTokens: [
      ...new Set([bosToken, eosToken, ...added.filter(([, token]) => token.special).map(([, token]) => token.content)]),
    ],
    modelMaxLength: limit < unlimited ? limit : clipMaxLength,
  });
}

async function readVocabulary(folder: string): Promise<{ idOfToken: Map<string, number>; merges: readonly string[] }> {
  const vocabulary = await readJson(join(folder, 'vocab.json'), vocabularySchema);
  const merges = await readIfThere(join(folder, 'merges.txt'));
  if (vocabulary && merges !== null) return { idOfToken: new Map(Object.entries(vocabulary)), merges: merges.split(/\r?\n/) };
  const single = await readJson(join(folder, 'tokenizer.json'), tokenizerJsonSchema);
  if (!single) {
    const path = join(folder, vocabulary ? 'merges.txt' : 'vocab.json');
    throw new StudioError(
      'pack-file-missing',
      `The tokenizer has no ${vocabulary ? 'merges.txt' : 'vocab.json'}.`,
      'Verify or fetch the pack again.',
      { path },
    );
  }
  const { vocab, merges: pairs } = single.model;
  return {
    idOfToken: new Map(Object.entries(vocab)),
    merges: pairs.map((pair) => (typeof pair === 'string' ? pair : pair.join(' '))),
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new StudioError(
      'file-unreadable',
      'A file of the tokenizer cannot be read.',
      'Check the rights of the pack folder.',
      { path },
      error,
    );
  }
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'pack-invalid',
      'A file of the tokenizer does not parse.',
      'Verify or fetch the pack again.',
      { path, reason },
      error,
    );
  }
}
