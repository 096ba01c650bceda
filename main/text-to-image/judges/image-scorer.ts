import { packLimits } from '../../../contract/models/pack-limits.ts';
import { KeptSuccess } from '../../running/kept-success.ts';
import { findTensorSpec } from '../../tensor/find-tensor-spec.ts';
import { graphFault } from '../../tensor/graph-fault.ts';
import { runInBatches } from '../../tensor/run-in-batches.ts';
import type { OpenSession, Session } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { pauseFor } from '../../tensor/yield-to-event-loop.ts';
import { fillTokenRows } from '../../tokenizer/fill-rows.ts';
import type { TokenRows } from '../../tokenizer/fill-rows.ts';
import type { PromptTokenizer } from '../../tokenizer/prompt-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { loadScorerTokenizer } from './load-scorer-tokenizer.ts';

/** Absolute paths of a scorer with CLIP's interface, or SigLIP's. */
export interface ScorerPaths {
  readonly vision: string;
  readonly text: string;
  /** Folder of the tokenizer. */
  readonly tokenizer: string;
}

/** Pictures or texts in one run of a scorer. */
export const rowsARun = 16;
/** Of exact tokens: short rows go together, so that a run is worth its start. */
const tokensARun = 4096;

/**
 * Similarity of pictures and texts by a pair of CLIP-like encoders: `pixel_values` [B,3,H,W] float32 (resized and normalised as the
 * manifest says) → `image_embeds` [B,D]; `input_ids` [B,L] → `text_embeds` [B,D]; SigLIP's call both `pooler_output`. Public exports fit unchanged. Graphs are opened at
 * first use and kept until `release`; what they answer that is no vector is `pack-invalid`.
 */
export class ImageScorer {
  readonly #vision: KeptSuccess<Session>;
  readonly #text: KeptSuccess<Session>;
  readonly #tokenizer: KeptSuccess<PromptTokenizer>;

  /** @param openTokenizer where a vocabulary is kept from one scorer to the next */
  constructor(
    { vision, text, tokenizer }: ScorerPaths,
    openSession: OpenSession,
    openTokenizer: (folder: string) => Promise<PromptTokenizer> = loadScorerTokenizer,
  ) {
    this.#vision = new KeptSuccess(() => openSession(vision));
    this.#text = new KeptSuccess(() => openSession(text));
    this.#tokenizer = new KeptSuccess(() => openTokenizer(tokenizer));
  }

  /** One vector of length 1 a picture. */
  async embedImages(pixelValues: Tensor<'float32'>, signal: AbortSignal): Promise<Float32Array[]> {
    const session = await this.#vision.get();
    const input = findTensorSpec(session, 'inputs', ['pixel_values'], 0).name;
    const output = findTensorSpec(session, 'outputs', ['image_embeds', 'pooler_output'], 0).name;
    return unitRows(
      await runInBatches({
        session,
        rows: { [input]: pixelValues },
        output,
        row: [null],
        limit: rowsARun,
        beforeRun: pauseFor(signal),
      }),
    );
  }

  /** One vector of length 1 a text; what does not fit the encoder's length is cut. */
  async embedTexts(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const [session, tokenizer] = await Promise.all([this.#text.get(), this.#tokenizer.get()]);
    const output = findTensorSpec(session, 'outputs', ['text_embeds', 'pooler_output'], 0).name;
    const ids = texts.map((text) => tokenizer.encode(text).map((token) => token.id));
    const length = textLength(session, tokenizer, tokenizer.modelMaxLength);
    const rows = textFeeds(session, tokenizer.toModelInputs(ids, { maxLength: length }), length, (row) => ids[row]?.length ?? 0);
    return unitRows(await runInBatches({ session, rows, output, row: [null], limit: rowsARun, beforeRun: pauseFor(signal) }));
  }

  /**
   * One vector of length 1 a row of exact tokens, [rows, width] flattened. Where the graph allows, rows are as short as their tokens: what stands
   * after the end token never counts in a CLIP text, and a short row takes a fraction of the time.
   */
  async embedRows(rows: TokenRows, signal: AbortSignal): Promise<Float32Array> {
    return unitValues(await this.#runTokens(rows, pauseFor(signal)));
  }

  /**
   * How alike each text of exact tokens is to a vector of length 1: cosines, in the order of the rows.
   *
   * @param beforeRun one for all calls of a search: they are many, and short
   */
  async compareTokens(rows: TokenRows, vector: Float32Array, beforeRun: () => Promise<void>): Promise<Float32Array> {
    return cosinesTo(vector, await this.#runTokens(rows, beforeRun));
  }

  async #runTokens(rows: TokenRows, beforeRun: () => Promise<void>): Promise<Tensor<'float32'>> {
    const [session, tokenizer] = await Promise.all([this.#text.get(), this.#tokenizer.get()]);
    const output = findTensorSpec(session, 'outputs', ['text_embeds', 'pooler_output'], 0).name;
    const length = textLength(session, tokenizer, rows.length + 2);
    const limit = Math.max(rowsARun, Math.floor(tokensARun / length));
    if (!hasTokens(tokenizer)) throw graphFault(session.name, 'its texts have no tokens of their own to begin and end with');
    const { bosId: beginId, eosId: endId, padId } = tokenizer;
    const ids = fillTokenRows(rows, { length, beginId, endId, padId });
    const tokensOf = (row: number): number => {
      const end = rows.tokenIds.subarray(row * rows.length, (row + 1) * rows.length).indexOf(-1);
      return end < 0 ? rows.length : end;
    };
    const feeds = textFeeds(session, ids, length, tokensOf);
    return runInBatches({ session, rows: feeds, output, row: [null], limit, beforeRun });
  }

  /** Closes the graphs; the next call opens what it needs again. */
  async release(): Promise<void> {
    const opened = [this.#vision.take(), this.#text.take()];
    await Promise.all(opened.map(async (session) => (await session)?.release()));
  }
}

const hasTokens = (tokenizer: PromptTokenizer): tokenizer is Tokenizer => 'bosId' in tokenizer;

/** Tokens of a row, begin and end included: what the graph was made for, else what is wished for and the vocabulary allows. */
function textLength(session: Session, tokenizer: PromptTokenizer, wished: number): number {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const length = typeof declared === 'number' ? declared : Math.min(wished, tokenizer.modelMaxLength);
  if (!(length >= 3 && length <= packLimits.tokensARow)) throw graphFault(session.name, `it takes rows of ${length} tokens`);
  return length;
}

/** @param tokensOf how many of a row are its text's */
function textFeeds(
  session: Session,
  ids: BigInt64Array,
  length: number,
  tokensOf: (row: number) => number,
): Record<string, Tensor> {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0);
  const shape = [ids.length / length, length];
  const rows: Record<string, Tensor> = { [declared.name]: { dtype: 'int64', shape, data: ids } };
  if (session.inputs.some((input) => input.name === 'attention_mask')) {
    const mask = new BigInt64Array(ids.length);
    for (let row = 0; row * length < ids.length; row += 1)
      mask.fill(1n, row * length, row * length + Math.min(tokensOf(row) + 2, length));
    rows['attention_mask'] = { dtype: 'int64', shape, data: mask };
  }
  return rows;
}

function unitRows(embeddings: Tensor<'float32'>): Float32Array[] {
  const [count = 0, width = 0] = embeddings.shape;
  const values = unitValues(embeddings);
  return Array.from({ length: count }, (_, index) => values.slice(index * width, (index + 1) * width));
}

/** Of each row to a vector of length 1; 0 for a row of length 0. */
function cosinesTo(vector: Float32Array, { shape: [count = 0, width = 0], data }: Tensor<'float32'>): Float32Array {
  const cosines = new Float32Array(count);
  // Two rows at a time, whose sums do not wait for one another.
  for (let row = 0; row < count; row += 2) {
    const [first, second] = [row * width, Math.min(row + 1, count - 1) * width];
    let sum = 0;
    let squares = 0;
    let secondSum = 0;
    let secondSquares = 0;
    for (let at = 0; at < width; at += 1) {
      const wanted = vector[at] ?? 0;
      const value = data[first + at] ?? 0;
      const other = data[second + at] ?? 0;
      sum += value * wanted;
      squares += value * value;
      secondSum += other * wanted;
      secondSquares += other * other;
    }
    cosines[row] = sum / (Math.sqrt(squares) || 1);
    cosines[row + 1] = secondSum / (Math.sqrt(secondSquares) || 1);
  }
  return cosines;
}

function unitValues({ shape: [, width = 0], data }: Tensor<'float32'>): Float32Array {
  const values = new Float32Array(data.length);
  for (let start = 0; start < values.length; start += width) {
    let squares = 0;
    for (let at = start; at < start + width; at += 1) squares += (data[at] ?? 0) ** 2;
    const norm = Math.sqrt(squares) || 1;
    for (let at = start; at < start + width; at += 1) values[at] = (data[at] ?? 0) / norm;
  }
  return values;
}
