import { packLimits } from '../../../contract/models/pack-limits.ts';
import { KeptSuccess } from '../../running/kept-success.ts';
import { findTensorSpec } from '../../tensor/find-tensor-spec.ts';
import { graphFault } from '../../tensor/graph-fault.ts';
import { runInBatches } from '../../tensor/run-in-batches.ts';
import type { OpenSession, Session } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { pauseFor } from '../../tensor/yield-to-event-loop.ts';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/** Absolute paths of a scorer with CLIP's interface. */
export interface ScorerPaths {
  readonly vision: string;
  readonly text: string;
  /** Folder of the tokenizer. */
  readonly tokenizer: string;
}

/** Texts of exact tokens: rows of `length` ids flattened, −1 after the last of a shorter one. */
export interface TokenRows {
  readonly length: number;
  readonly tokenIds: Int32Array;
}

/** Pictures or texts in one run of a scorer. */
export const rowsARun = 16;
/** Of exact tokens: short rows go together, so that a run is worth its start. */
const tokensARun = 4096;

/**
 * Similarity of pictures and texts by a pair of CLIP-like encoders: `pixel_values` [B,3,H,W] float32 (resized and normalised as the
 * manifest says) → `image_embeds` [B,D]; `input_ids` [B,L] → `text_embeds` [B,D]. Public CLIP exports fit unchanged. Graphs are opened at
 * first use and kept until `release`; what they answer that is no vector is `pack-invalid`.
 */
export class ImageScorer {
  readonly #vision: KeptSuccess<Session>;
  readonly #text: KeptSuccess<Session>;
  readonly #tokenizer: KeptSuccess<Tokenizer>;

  /** @param openTokenizer where a vocabulary is kept from one scorer to the next */
  constructor(
    { vision, text, tokenizer }: ScorerPaths,
    openSession: OpenSession,
    openTokenizer: (folder: string) => Promise<Tokenizer> = loadTokenizer,
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
    const rows = textFeeds(session, tokenizer, ids, textLength(session, tokenizer, tokenizer.modelMaxLength));
    return unitRows(await runInBatches({ session, rows, output, row: [null], limit: rowsARun, beforeRun: pauseFor(signal) }));
  }

  /**
   * One vector of length 1 a row of exact tokens, [rows, width] flattened. Where the graph allows, rows are as short as their tokens: what stands
   * after the end token never counts in a CLIP text, and a short row takes a fraction of the time.
   */
  async embedRows(rows: TokenRows, signal: AbortSignal): Promise<Float32Array> {
    const texts = Array.from({ length: rows.tokenIds.length / rows.length }, (_, row) =>
      [...rows.tokenIds.subarray(row * rows.length, (row + 1) * rows.length)].filter((id) => id >= 0),
    );
    return unitValues(await this.#runTokens(texts, pauseFor(signal)));
  }

  /**
   * How alike each text of exact tokens is to a vector of length 1: cosines, in the order of the texts.
   *
   * @param beforeRun one for all calls of a search: they are many, and short
   */
  async compareTokens(
    texts: readonly (readonly number[])[],
    vector: Float32Array,
    beforeRun: () => Promise<void>,
  ): Promise<Float32Array> {
    return cosinesTo(vector, await this.#runTokens(texts, beforeRun));
  }

  async #runTokens(texts: readonly (readonly number[])[], beforeRun: () => Promise<void>): Promise<Tensor<'float32'>> {
    const [session, tokenizer] = await Promise.all([this.#text.get(), this.#tokenizer.get()]);
    const output = findTensorSpec(session, 'outputs', ['text_embeds', 'pooler_output'], 0).name;
    const longest = texts.reduce((most, text) => Math.max(most, text.length), 1);
    const length = textLength(session, tokenizer, longest + 2);
    const limit = Math.max(rowsARun, Math.floor(tokensARun / length));
    const feeds = textFeeds(session, tokenizer, texts, length);
    return runInBatches({ session, rows: feeds, output, row: [null], limit, beforeRun });
  }

  /** Closes the graphs; the next call opens what it needs again. */
  async release(): Promise<void> {
    const opened = [this.#vision.take(), this.#text.take()];
    await Promise.all(opened.map(async (session) => (await session)?.release()));
  }
}

/** Tokens of a row, begin and end included: what the graph was made for, else what is wished for and the vocabulary allows. */
function textLength(session: Session, tokenizer: Tokenizer, wished: number): number {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0).shape[1];
  const length = typeof declared === 'number' ? declared : Math.min(wished, tokenizer.modelMaxLength);
  if (!(length >= 3 && length <= packLimits.tokensARow)) throw graphFault(session.name, `it takes rows of ${length} tokens`);
  return length;
}

function textFeeds(
  session: Session,
  tokenizer: Tokenizer,
  texts: readonly (readonly number[])[],
  length: number,
): Record<string, Tensor> {
  const declared = findTensorSpec(session, 'inputs', ['input_ids'], 0);
  const shape = [texts.length, length];
  const ids = tokenizer.toModelInputs(texts, { maxLength: length });
  const rows: Record<string, Tensor> = { [declared.name]: { dtype: 'int64', shape, data: ids } };
  if (session.inputs.some((input) => input.name === 'attention_mask')) {
    const mask = new BigInt64Array(texts.length * length);
    for (const [index, tokens] of texts.entries())
      mask.fill(1n, index * length, index * length + Math.min(tokens.length + 2, length));
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
  for (let row = 0; row < count; row += 1) {
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < width; at += 1) {
      const value = data[row * width + at] ?? 0;
      sum += value * (vector[at] ?? 0);
      squares += value * value;
    }
    cosines[row] = sum / (Math.sqrt(squares) || 1);
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
