import { packLimits } from '../../contract/pack-limits.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { graphFault } from '../tensor/graph-fault.ts';
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
type PromptEmbeddings = Tensor<'float32'>;

/** The row length of a folder: the least of what the graph, the encoder's positions and the tokenizer allow. */
export function textEncoderOf(session: Session, tokenizer: Tokenizer, positions: number | null): TextEncoder {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const graphLength = typeof declared === 'number' ? declared : Number.POSITIVE_INFINITY;
  const rowLength = Math.min(graphLength, positions ?? Number.POSITIVE_INFINITY, tokenizer.modelMaxLength);
  // Begin, one token and end.
  if (!(rowLength >= 3 && rowLength <= packLimits.tokensARow))
    throw graphFault(session.name, `it takes rows of ${rowLength} tokens`);
  return { session, tokenizer, rowLength };
}

/**
 * Encodes everything a call draws, in as few runs as its chunks fill. Each prompt is cut into chunks, every chunk is a row of its own, and a
 * prompt's rows follow one another on the token axis. The prompts of a group are drawn in one run of the denoiser: the shorter ones are
 * filled with empty chunks, so that they come out equally long. A chunk that several prompts share, as a negative prompt's, is encoded once.
 */
export async function encodePrompts(
  encoder: TextEncoder,
  groups: readonly (readonly (readonly WeightedToken[])[])[],
  beforeRun: () => Promise<void>,
): Promise<PromptEmbeddings[][]> {
  const { tokenizer, rowLength } = encoder;
  const isComma = (id: number): boolean => tokenizer.tokenText(id).text === ',';
  const distinct = new Map<string, readonly WeightedToken[]>();
  const keyed = groups.map((group) => {
    const chunked = group.map((tokens) => chunkTokens(tokens, rowLength - 2, isComma));
    const chunkCount = Math.max(...chunked.map((chunks) => chunks.length));
    return chunked.map((chunks) =>
      Array.from({ length: chunkCount }, (_, index) => {
        const chunk = chunks[index] ?? [];
        const key = chunk.map(({ id, weight }) => `${id}×${weight}`).join(' ');
        distinct.set(key, chunk);
        return key;
      }),
    );
  });
  const { rows, width } = await encodeChunks(encoder, distinct, beforeRun);
  return keyed.map((group) =>
    group.map((keys) => {
      const data = new Float32Array(keys.length * rowLength * width);
      for (const [index, key] of keys.entries()) data.set(rows.get(key) ?? [], index * rowLength * width);
      return { dtype: 'float32', shape: [1, keys.length * rowLength, width], data };
    }),
  );
}

/** The weighted embeddings [rowLength, width] of each chunk, by its key. */
async function encodeChunks(
  encoder: TextEncoder,
  distinct: ReadonlyMap<string, readonly WeightedToken[]>,
  beforeRun: () => Promise<void>,
): Promise<{ readonly rows: ReadonlyMap<string, Float32Array>; readonly width: number }> {
  const { session, rowLength } = encoder;
  const chunks = [...distinct.values()];
  const hidden = await runInBatches({
    session,
    rows: textFeeds(encoder, chunks),
    output: findTensorSpec(session, 'outputs', ['last_hidden_state'], 0).name,
    row: [rowLength, null],
    limit: chunksARun,
    beforeRun,
  });
  const width = hidden.shape[2] ?? 0;
  const rows = new Map<string, Float32Array>();
  for (const [key, chunk] of distinct) {
    const row = hidden.data.subarray(rows.size * rowLength * width, (rows.size + 1) * rowLength * width);
    weighTokens(
      row,
      width,
      chunk.map((token) => token.weight),
    );
    rows.set(key, row);
  }
  return { rows, width };
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
