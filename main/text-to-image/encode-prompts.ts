import { StudioError } from '../../contract/errors.ts';
import type { Emphasis } from '../../contract/recipe.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { chunkTokens } from './chunk-tokens.ts';
import type { WeightedToken } from './chunk-tokens.ts';
import { emphasisRules } from './emphasis.ts';
import { encodeChunks } from './text-encoder.ts';
import type { EncodedChunk, TextEncoder } from './text-encoder.ts';

/** A text as one encoder reads it. */
export interface TextToEncode {
  readonly tokens: readonly WeightedToken[];
  /** Layers left out at the end besides those the family leaves out. */
  readonly clipSkip: number;
  readonly emphasis: Emphasis;
}

/** The texts of a call as one encoder reads them: groups of texts that are drawn in one run of the denoiser. */
export interface TextsToEncode {
  readonly encoder: TextEncoder;
  readonly groups: readonly (readonly TextToEncode[])[];
}

/** What an encoder says of one text. */
export interface EncodedText {
  /** [1, chunks · rowLength, width] */
  readonly states: Tensor<'float32'>;
  /** [1, width] of its first chunk */
  readonly pooled: Tensor<'float32'>;
}

/**
 * Encodes everything a call draws, an encoder at a time, in as few runs as its chunks fill. A prompt is cut into chunks for a clip encoder, every chunk is a
 * row of its own, and a prompt's rows follow one another on the token axis. The prompts of a group are drawn in one run of the denoiser: the
 * shorter ones are filled with empty chunks, so that they come out equally long from every encoder. A chunk that several prompts share, as a
 * negative prompt's, is encoded once. What is weighed is weighed in what was encoded, as each text's `emphasis` does. Throws `prompt-too-long` for a text that a t5 encoder has no room for.
 */
export async function encodePrompts(texts: readonly TextsToEncode[], beforeRun: () => Promise<void>): Promise<EncodedText[][][]> {
  const cutTexts = texts.map(({ encoder, groups }) => groups.map((group) => group.map((text) => cut(text, encoder))));
  const counts = (texts[0]?.groups ?? []).map((_, group) =>
    Math.max(
      ...cutTexts.flatMap((groups) => (groups[group] ?? []).flatMap(({ parts }) => parts.map(({ chunks }) => chunks.length))),
    ),
  );
  const encoded: EncodedText[][][] = [];
  for (const [index, { encoder }] of texts.entries()) {
    const filled = (cutTexts[index] ?? []).map((group, place) => group.map((text) => fill(text, encoder, counts[place] ?? 1)));
    encoded.push(await encodeGroups(encoder, filled, beforeRun));
  }
  return encoded;
}

type Chunk = readonly WeightedToken[];

/** A text in the pieces that an encoder takes: the text itself, then what is blended into it. */
interface CutText extends Pick<TextToEncode, 'clipSkip' | 'emphasis'> {
  readonly parts: readonly { readonly chunks: readonly Chunk[]; readonly share: number }[];
}

function cut({ tokens, clipSkip, emphasis }: TextToEncode, { tokenizer, rule, rowLength }: TextEncoder): CutText {
  if (rule.kind === 't5' && tokens.length >= rowLength) {
    throw new StudioError(
      'prompt-too-long',
      `This model reads ${rowLength - 1} tokens of a text at most; this one has ${tokens.length}.`,
      'Shorten the prompt or the negative prompt.',
      { limit: rowLength - 1, tokens: tokens.length },
    );
  }
  const parts = [{ tokens, share: 1 }, ...emphasisRules[emphasis].blends(tokens)];
  const chunksOf = (part: readonly WeightedToken[]): readonly Chunk[] =>
    rule.kind === 'clip' ? chunkTokens(part, rowLength - 2, (id) => tokenizer.isComma(id)) : [part];
  return { clipSkip, emphasis, parts: parts.map((part) => ({ chunks: chunksOf(part.tokens), share: part.share })) };
}

/** As many chunks as the longest text of its group has; a t5 encoder takes one row of everything. */
function fill(text: CutText, { rule }: TextEncoder, count: number): CutText {
  if (rule.kind === 't5') return text;
  const filled = (chunks: readonly Chunk[]): Chunk[] => Array.from({ length: count }, (_, at) => chunks[at] ?? []);
  return { ...text, parts: text.parts.map(({ chunks, share }) => ({ chunks: filled(chunks), share })) };
}

async function encodeGroups(
  encoder: TextEncoder,
  groups: readonly (readonly CutText[])[],
  beforeRun: () => Promise<void>,
): Promise<EncodedText[][]> {
  // By how many layers are left out, and by what is said.
  const distinct = new Map<number, Map<string, readonly number[]>>();
  for (const { parts, clipSkip, emphasis } of groups.flat()) {
    const alike = distinct.get(clipSkip) ?? new Map<string, readonly number[]>();
    distinct.set(clipSkip, alike);
    const needed = parts.flatMap(({ chunks }) => chunks);
    const measuresFromEmpty = emphasisRules[emphasis].startsFromEmpty && needed.some((chunk) => isWeighed(chunk));
    for (const ids of [...needed.map(idsOf), ...(measuresFromEmpty ? [[]] : [])]) alike.set(ids.join(' '), ids);
  }
  const said = new Map<string, EncodedChunk>();
  let width = 0;
  for (const [clipSkip, alike] of distinct) {
    const encoded = await encodeChunks(encoder, [...alike.values()], clipSkip, beforeRun);
    width = encoded.width;
    for (const [index, key] of [...alike.keys()].entries()) {
      const chunk = encoded.chunks[index];
      if (chunk) said.set(`${clipSkip}: ${key}`, chunk);
    }
  }
  return groups.map((group) =>
    group.map((text) => weighText(text, encoder, width, (ids) => said.get(`${text.clipSkip}: ${ids.join(' ')}`) ?? nothingSaid)),
  );
}

const nothingSaid: EncodedChunk = { states: new Float32Array(0), pooled: new Float32Array(0) };
const idsOf = (chunk: Chunk): number[] => chunk.map(({ id }) => id);
const isWeighed = (chunk: Chunk): boolean => chunk.some(({ weight }) => weight !== 1);

/** Weighs the chunks of a text, joins them on the token axis and blends its parts by their shares. What tells a text in one vector is never weighed. */
function weighText(
  { parts, emphasis }: CutText,
  { rule }: TextEncoder,
  width: number,
  saidOf: (ids: readonly number[]) => EncodedChunk,
): EncodedText {
  const { weigh } = emphasisRules[emphasis];
  const weighed = (chunk: Chunk): Float32Array => {
    const { states } = saidOf(idsOf(chunk));
    if (!isWeighed(chunk)) return states;
    // A copy, because others may say the same with other weights.
    const own = states.slice();
    const weights = chunk.map(({ weight }) => weight);
    // Row 0 of clip begins the text; t5 has no such row.
    weigh(own, saidOf([]).states, width, rule.kind === 'clip' ? [1, ...weights] : weights);
    return own;
  };
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  const length = (parts[0]?.chunks ?? []).reduce((sum, chunk) => sum + saidOf(idsOf(chunk)).states.length, 0);
  const states = new Float32Array(length);
  for (const { chunks, share } of parts) {
    let start = 0;
    for (const rows of chunks.map(weighed)) {
      // Nothing is blended into most texts.
      if (parts.length === 1) states.set(rows, start);
      else
        for (let at = 0; at < rows.length; at += 1) {
          states[start + at] = (states[start + at] ?? 0) + ((rows[at] ?? 0) * share) / total;
        }
      start += rows.length;
    }
  }
  const pooled = saidOf(idsOf(parts[0]?.chunks[0] ?? [])).pooled;
  return {
    states: { dtype: 'float32', shape: [1, width === 0 ? 0 : states.length / width, width], data: states },
    pooled: { dtype: 'float32', shape: [1, pooled.length], data: pooled },
  };
}
