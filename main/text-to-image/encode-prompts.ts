import { StudioError } from '../../contract/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { chunkTokens } from './chunk-tokens.ts';
import type { WeightedToken } from './chunk-tokens.ts';
import { encodeChunks } from './text-encoder.ts';
import type { EncodedChunk, TextEncoder } from './text-encoder.ts';

/** A text as one encoder reads it. */
export interface TextToEncode {
  readonly tokens: readonly WeightedToken[];
  /** Layers left out at the end besides those the family leaves out. */
  readonly clipSkip: number;
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
 * negative prompt's, is encoded once. Throws `prompt-too-long` for a text that a t5 encoder has no room for.
 */
export async function encodePrompts(texts: readonly TextsToEncode[], beforeRun: () => Promise<void>): Promise<EncodedText[][][]> {
  const chunked = texts.map(({ encoder, groups }) => groups.map((group) => group.map((text) => cut(text, encoder))));
  const counts = (texts[0]?.groups ?? []).map((_, group) =>
    Math.max(...chunked.flatMap((groups) => (groups[group] ?? []).map(({ chunks }) => chunks.length))),
  );
  const encoded: EncodedText[][][] = [];
  for (const [index, { encoder }] of texts.entries()) {
    const filled = (chunked[index] ?? []).map((group, place) =>
      group.map(({ chunks, clipSkip }) => ({
        clipSkip,
        chunks: encoder.rule.kind === 'clip' ? Array.from({ length: counts[place] ?? 1 }, (_, at) => chunks[at] ?? []) : chunks,
      })),
    );
    encoded.push(await encodeGroups(encoder, filled, beforeRun));
  }
  return encoded;
}

/** A text in the pieces that an encoder takes. */
interface CutText {
  readonly chunks: readonly (readonly WeightedToken[])[];
  readonly clipSkip: number;
}

function cut({ tokens, clipSkip }: TextToEncode, { tokenizer, rule, rowLength }: TextEncoder): CutText {
  if (rule.kind === 'clip') return { chunks: chunkTokens(tokens, rowLength - 2, (id) => tokenizer.isComma(id)), clipSkip };
  if (tokens.length < rowLength) return { chunks: [tokens], clipSkip };
  throw new StudioError(
    'prompt-too-long',
    `This model reads ${rowLength - 1} tokens of a text at most; this one has ${tokens.length}.`,
    'Shorten the prompt or the negative prompt.',
    { limit: rowLength - 1, tokens: tokens.length },
  );
}

async function encodeGroups(
  encoder: TextEncoder,
  groups: readonly (readonly CutText[])[],
  beforeRun: () => Promise<void>,
): Promise<EncodedText[][]> {
  // By how many layers are left out, and by what is said.
  const distinct = new Map<number, Map<string, readonly WeightedToken[]>>();
  for (const { chunks, clipSkip } of groups.flat()) {
    const alike = distinct.get(clipSkip) ?? new Map<string, readonly WeightedToken[]>();
    distinct.set(clipSkip, alike);
    for (const chunk of chunks) alike.set(keyOf(chunk), chunk);
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
    group.map(({ chunks, clipSkip }) =>
      joinChunks(
        chunks.flatMap((chunk) => said.get(`${clipSkip}: ${keyOf(chunk)}`) ?? []),
        width,
      ),
    ),
  );
}

const keyOf = (chunk: readonly WeightedToken[]): string => chunk.map(({ id, weight }) => `${id}×${weight}`).join(' ');

function joinChunks(chunks: readonly EncodedChunk[], width: number): EncodedText {
  const states = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.states.length, 0));
  let start = 0;
  for (const chunk of chunks) {
    states.set(chunk.states, start);
    start += chunk.states.length;
  }
  const pooled = chunks[0]?.pooled ?? new Float32Array(0);
  return {
    states: { dtype: 'float32', shape: [1, width === 0 ? 0 : states.length / width, width], data: states },
    pooled: { dtype: 'float32', shape: [1, pooled.length], data: pooled },
  };
}
