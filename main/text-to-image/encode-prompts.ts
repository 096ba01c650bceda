import { assertShape } from '../tensor/assert-shape.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { runInBatches } from '../tensor/run-in-batches.ts';
import type { Session } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chunkTokens } from './chunk-tokens.ts';
import type { WeightedToken } from './chunk-tokens.ts';
import { weighTokens } from './weigh-tokens.ts';

/** Chunks a run of the text encoder: a prompt of 10,000 words is some 180 of them. */
const chunksARun = 16;

export interface TextEncoder {
  readonly session: Session;
  readonly tokenizer: Tokenizer;
  /** Tokens a row, begin and end included. */
  readonly rowLength: number;
}

/** Text embeddings: float32 [texts, chunks · rowLength, width], one text as encoded here. */
export type PromptEmbeddings = Tensor<'float32'>;

/** The row length of a folder: the least of what the graph, the encoder's positions and the tokenizer allow. */
export function textEncoderOf(session: Session, tokenizer: Tokenizer, positions: number | null): TextEncoder {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const graphLength = typeof declared === 'number' ? declared : Number.POSITIVE_INFINITY;
  return {
    session,
    tokenizer,
    rowLength: Math.min(graphLength, positions ?? Number.POSITIVE_INFINITY, tokenizer.modelMaxLength),
  };
}

/**
 * Encodes prompts together. Each is cut into chunks, every chunk is a row of its own, and a prompt's rows follow one another on the token
 * axis; shorter prompts are filled with empty chunks, so that all come out equally long.
 */
export async function encodePrompts(
  encoder: TextEncoder,
  prompts: readonly (readonly WeightedToken[])[],
  beforeRun: () => Promise<void>,
): Promise<PromptEmbeddings[]> {
  const { session, tokenizer, rowLength } = encoder;
  const chunked = prompts.map((tokens) => chunkTokens(tokens, rowLength - 2, (id) => tokenizer.tokenText(id).text === ','));
  const chunkCount = Math.max(...chunked.map((chunks) => chunks.length));
  const chunks = chunked.flatMap((own) => Array.from({ length: chunkCount }, (_, index) => own[index] ?? []));
  const hidden = await runInBatches({
    session,
    rows: textFeeds(encoder, chunks),
    output: findTensorSpec(session, 'outputs', ['last_hidden_state'], 0).name,
    limit: chunksARun,
    beforeRun,
  });
  assertShape('last_hidden_state', hidden, 'float32', [chunks.length, rowLength, null]);
  const width = hidden.shape[2] ?? 0;
  for (const [index, chunk] of chunks.entries()) {
    const rows = hidden.data.subarray(index * rowLength * width, (index + 1) * rowLength * width);
    weighTokens(
      rows,
      width,
      chunk.map((token) => token.weight),
    );
  }
  const length = chunkCount * rowLength * width;
  return prompts.map((_, index) => ({
    dtype: 'float32',
    shape: [1, chunkCount * rowLength, width],
    data: hidden.data.subarray(index * length, (index + 1) * length),
  }));
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
