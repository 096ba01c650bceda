import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { rankMerges } from './rank-merges.ts';
import type { Tokenizer } from './tokenizer.ts';

const unlimited = 1_000_000;
const clipMaxLength = 77;
/** Begin, one token and end. */
const leastRow = 3;

/** Hugging Face writes a special token as its text or as an object around it. */
const tokenSchema = z.string().min(1).max(packLimits.tokenCharacters);
const specialTokenSchema = z.union([tokenSchema, z.object({ content: tokenSchema }).transform(({ content }) => content)]);
const specialTokensSchema = z.object({
  bos_token: specialTokenSchema.nullish(),
  eos_token: specialTokenSchema.nullish(),
  pad_token: specialTokenSchema.nullish(),
  unk_token: specialTokenSchema.nullish(),
});
const tokenizerConfigSchema = specialTokensSchema.extend({
  model_max_length: z
    .number()
    .min(leastRow)
    // What transformers writes when a tokenizer has no limit is int(1e30): CLIP's own limit stands in.
    .transform((length) => (length < unlimited ? length : clipMaxLength))
    .pipe(z.number().int().max(packLimits.tokensARow))
    .nullish(),
  added_tokens_decoder: z
    .record(z.string(), z.object({ content: tokenSchema, special: z.boolean().default(false) }))
    .refine((added) => Object.keys(added).length <= packLimits.addedTokens, `at most ${packLimits.addedTokens} added tokens`)
    .refine((added) => Object.keys(added).every((id) => isId(Number(id))), 'ids are whole numbers')
    .default({}),
});
function isId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= packLimits.largestTokenId;
}
/** Token → id. Looked at by hand: zod's own record takes twenty seconds for a million tokens. */
const vocabularySchema = z
  .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'tokens with their ids')
  .refine((ids) => Object.keys(ids).length <= packLimits.vocabulary, {
    message: `at most ${packLimits.vocabulary} tokens`,
    abort: true,
  })
  .transform((ids, context) => {
    const vocabulary = new Map<string, number>();
    for (const [token, id] of Object.entries(ids)) {
      if (isId(id)) vocabulary.set(token, id);
      else context.addIssue({ code: 'custom', path: [token], message: 'an id is a whole number' });
    }
    return vocabulary;
  });
/** The newer single file, which transformers writes from release 5 on. */
const tokenizerJsonSchema = z.object({
  model: z.object({
    vocab: vocabularySchema,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).max(packLimits.vocabulary),
  }),
});

const classSchema = z.object({ tokenizer_class: z.string().max(packLimits.tokenCharacters).nullish() });

/** Whether a folder says that its vocabulary is SigLIP's: of pieces of whole texts, and not of CLIP's tokens. */
export async function isSiglipVocabulary(folder: string): Promise<boolean> {
  const config = await readJson(join(folder, 'tokenizer_config.json'), classSchema);
  return config?.tokenizer_class?.startsWith('Siglip') ?? false;
}

/**
 * Reads a CLIP-format tokenizer folder: vocab.json and merges.txt, or tokenizer.json, with tokenizer_config.json and
 * special_tokens_map.json where they are. Throws `pack-file-missing` or `pack-invalid`, and `pack-role-missing` for SigLIP's.
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  if (await isSiglipVocabulary(folder)) {
    throw new StudioError(
      'pack-role-missing',
      'SigLIP compares whole texts: it has no tokens that a search could choose from.',
      'Choose a model with CLIP’s vocabulary as the guide. This one can be the judge.',
      { folder },
    );
  }
  const config =
    (await readJson(join(folder, 'tokenizer_config.json'), tokenizerConfigSchema)) ?? tokenizerConfigSchema.parse({});
  const special = (await readJson(join(folder, 'special_tokens_map.json'), specialTokensSchema)) ?? {};
  const { idOfToken, merges } = await readVocabulary(folder);
  const added = Object.entries(config.added_tokens_decoder);
  for (const [id, token] of added) idOfToken.set(token.content, Number(id));

  const bosToken = special.bos_token ?? config.bos_token ?? '<|startoftext|>';
  const eosToken = special.eos_token ?? config.eos_token ?? '<|endoftext|>';
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
    modelMaxLength: config.model_max_length ?? clipMaxLength,
  });
}

async function readVocabulary(folder: string): Promise<{ idOfToken: Map<string, number>; merges: readonly string[] }> {
  const vocabulary = await readJson(join(folder, 'vocab.json'), vocabularySchema);
  const merges = await readPackText(join(folder, 'merges.txt'));
  if (vocabulary && merges !== null) return { idOfToken: vocabulary, merges: splitMerges(join(folder, 'merges.txt'), merges) };
  const single = await readJson(join(folder, 'tokenizer.json'), tokenizerJsonSchema);
  if (!single) {
    const path = join(folder, vocabulary ? 'merges.txt' : 'vocab.json');
    throw new StudioError(
      'pack-file-missing',
      `The tokenizer has no ${vocabulary ? 'merges.txt' : 'vocab.json'}.`,
      'Verify or fetch the model again.',
      { path },
    );
  }
  const { vocab, merges: pairs } = single.model;
  return {
    idOfToken: vocab,
    merges: pairs.map((pair) => (typeof pair === 'string' ? pair : pair.join(' '))),
  };
}

function splitMerges(path: string, text: string): readonly string[] {
  const merges = text.split(/\r?\n/, packLimits.vocabulary + 1);
  if (merges.length <= packLimits.vocabulary) return merges;
  const message = `The tokenizer has more than ${packLimits.vocabulary} merges.`;
  throw new StudioError('pack-invalid', message, 'Verify or fetch the model again.', { path });
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | null> {
  const text = await readPackText(path);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'pack-invalid',
      'A file of the tokenizer does not parse.',
      'Verify or fetch the model again.',
      { path, reason },
      error,
    );
  }
}
