import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import { PrecompiledMap } from './precompiled-map.ts';
import { UnigramTokenizer } from './unigram-tokenizer.ts';

/** What Metaspace puts in the place of a space. */
const wordMark = '▁';
const patternSchema = z.union([
  z.object({ String: z.string().min(1).max(packLimits.tokenCharacters) }).transform(({ String: text }) => text),
  // The one expression that is found in tokenizers of T5: several spaces.
  z.object({ Regex: z.literal(' {2,}') }).transform(() => / {2,}/g),
]);
const plainNormaliserSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Precompiled'), precompiled_charsmap: z.string().nullish() }),
  z.object({ type: z.literal('Strip'), strip_left: z.boolean(), strip_right: z.boolean() }),
  z.object({ type: z.literal('Replace'), pattern: patternSchema, content: z.string() }),
  z.object({ type: z.literal('NFKC') }),
  z.object({ type: z.literal('Lowercase') }),
]);
type Normaliser = z.infer<typeof plainNormaliserSchema>;
const normaliserSchema = z.union([
  plainNormaliserSchema.transform((one) => [one]),
  z
    .object({ type: z.literal('Sequence'), normalizers: z.array(plainNormaliserSchema).max(16) })
    .transform((all) => all.normalizers),
]);
const metaspaceSchema = z.object({
  type: z.literal('Metaspace'),
  prepend_scheme: z.enum(['always', 'first', 'never']).default('always'),
  add_prefix_space: z.boolean().default(true),
  split: z.boolean().nullish(),
});
const splitterSchema = z.union([
  metaspaceSchema.transform((metaspace) => ({ metaspace, splitsAtSpace: false })),
  z
    .object({
      type: z.literal('Sequence'),
      pretokenizers: z.tuple([z.object({ type: z.literal('WhitespaceSplit') }), metaspaceSchema]),
    })
    .transform(({ pretokenizers: [, metaspace] }) => ({ metaspace, splitsAtSpace: true })),
]);
type Splitter = z.infer<typeof splitterSchema>;

const tokenizerSchema = z.object({
  added_tokens: z
    .array(
      z.object({
        id: z.number().int().min(0).max(packLimits.largestTokenId),
        content: z.string().min(1).max(packLimits.tokenCharacters),
        lstrip: z.boolean().default(false),
        rstrip: z.boolean().default(false),
      }),
    )
    .max(packLimits.addedTokens)
    .default([]),
  normalizer: normaliserSchema.nullish(),
  pre_tokenizer: splitterSchema,
  model: z.object({
    type: z.literal('Unigram').optional(),
    unk_id: z.number().int().min(0),
    vocab: z.array(z.tuple([z.string(), z.number()])).max(packLimits.vocabulary),
  }),
});

/**
 * Reads the tokenizer.json of a T5: a unigram vocabulary of SentencePiece. Throws `pack-file-missing`, and `pack-invalid` for a file
 * that is none or asks for a step the studio does not know.
 */
export async function loadT5Tokenizer(folder: string): Promise<UnigramTokenizer> {
  const path = join(folder, 'tokenizer.json');
  const text = await readPackText(path);
  if (text === null) {
    throw new StudioError(
      'pack-file-missing',
      'The T5 tokenizer has no tokenizer.json.',
      'Save the tokenizer with transformers: spiece.model alone is not read.',
      { path },
    );
  }
  try {
    const { added_tokens: added, normalizer, pre_tokenizer: splitter, model } = tokenizerSchema.parse(JSON.parse(text));
    const normalise = composeNormalisers(normalizer ?? []);
    const idOf = (token: string): number => {
      const known = added.find(({ content }) => content === token)?.id ?? model.vocab.findIndex(([piece]) => piece === token);
      if (known < 0) throw new Error(`the vocabulary lacks ${token}`);
      return known;
    };
    return new UnigramTokenizer({
      pieces: model.vocab,
      unknownId: model.unk_id,
      endId: idOf('</s>'),
      padId: idOf('<pad>'),
      added: added.map(({ id, content, lstrip, rstrip }) => ({ id, content, stripsLeft: lstrip, stripsRight: rstrip })),
      modelMaxLength: packLimits.tokensARow,
      splitWords: (part, isFirst) => splitWords(normalise(part), isFirst, splitter),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'pack-invalid',
      'The T5 tokenizer does not parse.',
      'Verify or fetch the model again.',
      { path, reason },
      error,
    );
  }
}

function composeNormalisers(normalisers: readonly Normaliser[]): (text: string) => string {
  const steps = normalisers.map(toStep);
  return (text) => steps.reduce((current, step) => step(current), text);
}

function toStep(normaliser: Normaliser): (text: string) => string {
  switch (normaliser.type) {
    case 'Precompiled': {
      if (!normaliser.precompiled_charsmap) return (text) => text;
      const map = new PrecompiledMap(normaliser.precompiled_charsmap);
      return (text) => map.normalise(text);
    }
    case 'Strip':
      return (text) => {
        const left = normaliser.strip_left ? text.trimStart() : text;
        return normaliser.strip_right ? left.trimEnd() : left;
      };
    case 'Replace':
      return (text) => text.replaceAll(normaliser.pattern, () => normaliser.content);
    case 'NFKC':
      return (text) => text.normalize('NFKC');
    case 'Lowercase':
      return (text) => text.toLowerCase();
  }
}

function splitWords(text: string, isFirst: boolean, { metaspace, splitsAtSpace }: Splitter): string[] {
  const parts = splitsAtSpace ? text.split(/\p{White_Space}+/u).filter((part) => part !== '') : [text];
  return parts.flatMap((part, index) => {
    const { prepend_scheme: scheme, add_prefix_space: mayPrepend, split } = metaspace;
    const marked = part.replaceAll(' ', wordMark);
    const prepends = mayPrepend && (scheme === 'always' || (scheme === 'first' && isFirst && index === 0));
    const whole = prepends && !marked.startsWith(wordMark) ? wordMark + marked : marked;
    return (split ?? true) ? whole.split(/(?=▁)/u).filter((word) => word !== '') : [whole];
  });
}
