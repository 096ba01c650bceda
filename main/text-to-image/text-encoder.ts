import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { graphFault } from '../tensor/graph-fault.ts';
import { runForOutputs } from '../tensor/run-in-batches.ts';
import type { Session } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import type { TextEncoderRule } from './families/decoder-family.ts';

/** Chunks a run of the text encoder: a prompt of 10,000 words is some 180 of them. */
const chunksARun = 16;

/** An opened text encoder of a folder. */
export interface TextEncoder {
  readonly rule: TextEncoderRule;
  readonly session: Session;
  readonly tokenizer: PromptTokenizer;
  /** Tokens a row, begin and end included. */
  readonly rowLength: number;
}

/** What an encoder says of one chunk, row-major. */
export interface EncodedChunk {
  /** [rowLength, width]; empty where the family takes none. */
  readonly states: Float32Array;
  /** [width]; empty where the family takes none. */
  readonly pooled: Float32Array;
}

/** The row length of a folder: the least of what the graph, the encoder's positions and the tokenizer allow; less where the graph leaves it open. */
export function textEncoderOf(
  session: Session,
  tokenizer: PromptTokenizer,
  rule: TextEncoderRule,
  { positions, wished = Number.POSITIVE_INFINITY }: { readonly positions: number | null; readonly wished?: number },
): TextEncoder {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const graphLength = typeof declared === 'number' ? declared : wished;
  const own = rule.rowLength ?? tokenizer.modelMaxLength;
  const rowLength = Math.min(graphLength, positions ?? Number.POSITIVE_INFINITY, own);
  // Begin, one token and end.
  if (!(rowLength >= 3 && rowLength <= packLimits.tokensARow))
    throw graphFault(session.name, `it takes rows of ${rowLength} tokens`);
  return { rule, session, tokenizer, rowLength };
}

/**
 * Encodes chunks of token ids, each as long as a row allows, in as few runs as they fill.
 *
 * @param clipSkip layers left out at the end besides those the rule leaves out; a t5 encoder leaves out none
 * @throws StudioError `bad-request` for more layers than the graph can leave out
 */
export async function encodeChunks(
  encoder: TextEncoder,
  chunks: readonly (readonly number[])[],
  clipSkip: number,
  beforeRun: () => Promise<void>,
): Promise<{ readonly chunks: readonly EncodedChunk[]; readonly width: number }> {
  const { session, rowLength, rule } = encoder;
  const wanted = [
    ...(rule.states === null ? [] : [{ name: statesOutput(encoder, clipSkip), row: [rowLength, null] }]),
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
    chunks: chunks.map((_, index) => ({ states: rowOf(states, index), pooled: rowOf(pooled, index) })),
  };
}

function rowOf(tensor: Tensor<'float32'> | undefined, index: number): Float32Array {
  const length = (tensor?.data.length ?? 0) / (tensor?.shape[0] ?? 1);
  return tensor?.data.subarray(index * length, (index + 1) * length) ?? new Float32Array(0);
}

/**
 * The output the hidden states are taken from. Exports tell the last states, or as hidden_states.N those after every layer as well; those of
 * `packs convert` tell as normed_hidden_states.N also what comes of the layers in between through the norm at the end.
 */
function statesOutput({ session, rule }: TextEncoder, clipSkip: number): string {
  const skip = rule.kind === 'clip' ? clipSkip : 0;
  if (rule.states === 'last' && skip === 0) return findTensorSpec(session, 'outputs', ['last_hidden_state'], 0).name;
  const name = rule.states === 'last' ? 'normed_hidden_states' : 'hidden_states';
  const layers = layersOf(session, name);
  // The states after the last layer are those of hidden_states with the highest number; the normed ones have a name of their own.
  const last = rule.states === 'last' ? Math.max(...layers) + 1 : Math.max(...layers) - 1;
  if (layers.includes(last - skip)) return `${name}.${last - skip}`;
  if (skip > 0) throw cannotSkip(session.name, skip, last - Math.min(...layers));
  throw graphFault(session.name, 'it tells the states after its last layer only, not those of the layers before');
}

/** Which layers an export tells the states after, under this name. */
function layersOf(session: Session, name: string): number[] {
  return session.outputs.flatMap((output) => {
    const [kind, layer, ...rest] = output.name.split('.');
    return kind === name && layer !== undefined && rest.length === 0 && /^\d+$/.test(layer) ? [Number(layer)] : [];
  });
}

function cannotSkip(graph: string, clipSkip: number, most: number): StudioError {
  return most > 0
    ? new StudioError(
        'bad-request',
        `The text encoder ${graph} can leave out ${most} of its layers at most, not ${clipSkip}.`,
        `Choose a clip skip of 0 to ${most}.`,
        { clipSkip, most },
      )
    : new StudioError(
        'bad-request',
        `The text encoder ${graph} only tells what comes out of all its layers, so none can be left out.`,
        'Choose a clip skip of 0, or convert the checkpoint with `dediffusion packs convert`, whose models can do it.',
        { clipSkip },
      );
}

/** `input_ids` [chunks, rowLength] and, for exports that ask, an attention mask of ones, which is what Stable Diffusion does without one. */
function textFeeds(
  { session, tokenizer, rowLength }: TextEncoder,
  chunks: readonly (readonly number[])[],
): Record<string, Tensor> {
  const shape = [chunks.length, rowLength];
  const ids = tokenizer.toModelInputs(chunks, { maxLength: rowLength });
  const feeds: Record<string, Tensor> = {
    [findTensorSpec(session, 'inputs', ['input_ids'], 0).name]: { dtype: 'int64', shape, data: ids },
  };
  if (session.inputs.some((input) => input.name === 'attention_mask')) {
    feeds['attention_mask'] = { dtype: 'int64', shape, data: new BigInt64Array(ids.length).fill(1n) };
  }
  return feeds;
}
