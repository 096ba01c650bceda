import { packLimits } from '../../contract/models/pack-limits.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { graphFault } from '../tensor/graph-fault.ts';
import { runForOutputs } from '../tensor/run-in-batches.ts';
import type { Session } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import type { WeightedToken } from './chunk-tokens.ts';
import type { TextEncoderRule } from './families/decoder-family.ts';
import { weighTokens } from './weigh-tokens.ts';

/** Chunks a run of the text encoder: a prompt of 10,000 words is some 180 of them. */
const chunksARun = 16;

/** An opened text encoder of a folder. */
export interface TextEncoder {
  readonly rule: TextEncoderRule;
  readonly session: Session;
  readonly tokenizer: PromptTokenizer;
  /** Tokens a row, begin and end included. */
  readonly rowLength: number;
  /** Layers left out at the end besides those the rule leaves out. */
  readonly clipSkip: number;
}

/** What an encoder says of one chunk, row-major. */
export interface EncodedChunk {
  /** [rowLength, width]; empty where the family takes none. */
  readonly states: Float32Array;
  /** [width]; empty where the family takes none. */
  readonly pooled: Float32Array;
}

/** The row length of a folder: the least of what the graph, the encoder's positions and the tokenizer allow. */
export function textEncoderOf(
  session: Session,
  tokenizer: PromptTokenizer,
  rule: TextEncoderRule,
  { positions, clipSkip = 0 }: { readonly positions: number | null; readonly clipSkip?: number },
): TextEncoder {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const graphLength = typeof declared === 'number' ? declared : Number.POSITIVE_INFINITY;
  const own = rule.rowLength ?? tokenizer.modelMaxLength;
  const rowLength = Math.min(graphLength, positions ?? Number.POSITIVE_INFINITY, own);
  // Begin, one token and end.
  if (!(rowLength >= 3 && rowLength <= packLimits.tokensARow))
    throw graphFault(session.name, `it takes rows of ${rowLength} tokens`);
  return { rule, session, tokenizer, rowLength, clipSkip };
}

/** Encodes chunks, each as long as a row allows, in as few runs as they fill, and weighs their tokens. */
export async function encodeChunks(
  encoder: TextEncoder,
  chunks: readonly (readonly WeightedToken[])[],
  beforeRun: () => Promise<void>,
): Promise<{ readonly chunks: readonly EncodedChunk[]; readonly width: number }> {
  const { session, rowLength, rule } = encoder;
  const wanted = [
    ...(rule.states === null ? [] : [{ name: statesOutput(encoder), row: [rowLength, null] }]),
    ...(rule.pooled === null ? [] : [{ name: findTensorSpec(session, 'outputs', [rule.pooled]).name, row: [null] }]),
  ];
  const joined = await runForOutputs({
    session,
    rows: textFeeds(encoder, chunks),
    outputs: wanted,
    limit: chunksARun,
    beforeRun,
  });
  const states = rule.states === null ? undefined : joined[0];
  const pooled = rule.pooled === null ? undefined : joined.at(-1);
  const width = states?.shape[2] ?? 0;
  return {
    width,
    chunks: chunks.map((chunk, index) => {
      const own = rowOf(states, index);
      const weights = chunk.map((token) => token.weight);
      // Row 0 of clip begins the text; t5 has no such row.
      weighTokens(own, width, rule.kind === 'clip' ? [1, ...weights] : weights);
      return { states: own, pooled: rowOf(pooled, index) };
    }),
  };
}

function rowOf(tensor: Tensor<'float32'> | undefined, index: number): Float32Array {
  const length = (tensor?.data.length ?? 0) / (tensor?.shape[0] ?? 1);
  return tensor?.data.subarray(index * length, (index + 1) * length) ?? new Float32Array(0);
}

/** The output the hidden states are taken from. Exports tell those of every layer as hidden_states.0 and on, or of the last alone. */
function statesOutput({ session, rule, clipSkip }: TextEncoder): string {
  const layers = session.outputs.flatMap(({ name }) => {
    const layer = /^hidden_states\.(\d+)$/.exec(name)?.[1];
    return layer === undefined ? [] : [Number(layer)];
  });
  if (rule.states === 'last' && clipSkip === 0) return findTensorSpec(session, 'outputs', ['last_hidden_state'], 0).name;
  const wanted = Math.max(...layers) - 1 - clipSkip;
  if (layers.includes(wanted)) return `hidden_states.${wanted}`;
  throw graphFault(session.name, 'it tells the states after its last layer only, not those of the layers before');
}

/** `input_ids` [chunks, rowLength] and, for exports that ask, an attention mask of ones, which is what Stable Diffusion does without one. */
function textFeeds(
  { session, tokenizer, rowLength }: TextEncoder,
  chunks: readonly (readonly WeightedToken[])[],
): Record<string, Tensor> {
  const shape = [chunks.length, rowLength];
  const ids = new BigInt64Array(chunks.length * rowLength);
  for (const [index, chunk] of chunks.entries()) {
    const row = tokenizer.toModelInput(
      chunk.map((token) => token.id),
      { maxLength: rowLength },
    );
    ids.set(row, index * rowLength);
  }
  const feeds: Record<string, Tensor> = {
    [findTensorSpec(session, 'inputs', ['input_ids'], 0).name]: { dtype: 'int64', shape, data: ids },
  };
  if (session.inputs.some((input) => input.name === 'attention_mask')) {
    feeds['attention_mask'] = { dtype: 'int64', shape, data: new BigInt64Array(ids.length).fill(1n) };
  }
  return feeds;
}
