import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { lengthsOf } from '../../contract/models/pack.ts';
import type { EncoderRole } from '../../contract/models/pack.ts';
import { attentionOne } from '../../contract/texts/reading.ts';
import { normalisePixels } from '../image/normalise-pixels.ts';
import type { Pixels } from '../image/pixels.ts';
import type { RunContext } from '../running/run-context.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { fixedRows, graphFault, takeOutput } from '../tensor/graph-fault.ts';
import { OpenedGraphs } from '../tensor/opened-graphs.ts';
import type { OpenSession, Session } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { EncodedLength } from './encoded-length.ts';

export interface EncodeOptions {
  /** Numbers of tokens; each needs a head in the pack. */
  readonly lengths: readonly number[];
  /** Candidates a position, at most what the graphs give; absent: all of them. */
  readonly topK?: number | undefined;
}

/**
 * A pack's encoder: the backbone runs once a batch, then one pooler head per length reads the same features, so that
 * asking for three lengths costs little more than asking for one. Graph contract: contract/models/pack.ts, `encoderRoleSchema`.
 */
export class ImageEncoder {
  readonly role: EncoderRole;
  readonly #packFolder: string;
  readonly #graphs: OpenedGraphs;
  #pixelValues = new Float32Array();

  private constructor(packFolder: string, role: EncoderRole, openSession: OpenSession) {
    this.role = role;
    this.#packFolder = packFolder;
    this.#graphs = new OpenedGraphs(openSession);
  }

  /** Graphs are opened when first needed, once: a length nobody asks for is never loaded. */
  static open(packFolder: string, role: EncoderRole, openSession: OpenSession): ImageEncoder {
    return new ImageEncoder(packFolder, role, openSession);
  }

  get lengths(): readonly number[] {
    return lengthsOf(this.role);
  }

  /** How many images the backbone takes in one run: its fixed batch axis, or null when any number will do. */
  async fixedBatchSize(): Promise<number | null> {
    const backbone = await this.#openBackbone();
    return fixedRows(backbone, findTensorSpec(backbone, 'inputs', ['pixel_values'], 0));
  }

  /** How many batches may be read at the same time: as many as the backbone, wherever it runs, takes runs. */
  async batchesAtOnce(): Promise<number> {
    return (await this.#openBackbone()).runsAtOnce;
  }

  /**
   * @param pictures at the size that the role's `image` says
   * @returns one entry a length, in the order asked for, each about all images in their order
   * @throws StudioError length-unsupported, pack-file-missing, pack-invalid, memory-exceeded; the signal's reason
   */
  async encode(pictures: readonly Pixels[], options: EncodeOptions, context: RunContext): Promise<EncodedLength[]> {
    const heads = options.lengths.map((length) => ({ length, file: this.#headFile(length) }));
    const backbone = await this.#openBackbone();
    context.signal.throwIfAborted();
    const pixelValues = findTensorSpec(backbone, 'inputs', ['pixel_values'], 0).name;
    const featuresName = findTensorSpec(backbone, 'outputs', ['last_hidden_state'], 0).name;
    const answer = await backbone.run({ [pixelValues]: this.#normalise(pictures, backbone.runsAtOnce === 1) });
    const wanted = { name: featuresName, dtype: 'float32', shape: [pictures.length, null, null] } as const;
    const features = takeOutput(backbone.name, answer, wanted);
    const { rows, columns } = this.role.patchGrid;
    const said = new Map<number, HeadAnswer>();
    for (const { length, file } of heads) {
      context.signal.throwIfAborted();
      said.set(length, await this.#runHead(file, features));
    }
    const shape = (length: number) => [pictures.length, length, rows * columns] as const;
    const encoded = [...said].map(([length, answer]) => readHead(answer, shape(length), options.topK));
    const insideScores = await this.#scoreInside(features, said);
    return encoded.map((one) => ({ ...one, insideScores }));
  }

  async #runHead(file: string, features: Tensor): Promise<HeadAnswer> {
    const head = await this.#graphs.open(join(this.#packFolder, file));
    const outputs = await head.run({ [findTensorSpec(head, 'inputs', ['image_features'], 0).name]: features });
    return { head: head.name, outputs };
  }

  /** How surely each image is of the kind that the pack knows, [images]; null where the pack does not say. */
  async #scoreInside(features: Tensor, said: ReadonlyMap<number, HeadAnswer>): Promise<Float32Array | null> {
    const { inside } = this.role;
    if (inside === undefined) return null;
    const images = features.shape[0] ?? null;
    const { head, outputs } = said.get(inside.head) ?? (await this.#runHead(this.#headFile(inside.head), features));
    const asked = { name: 'token_probs', dtype: 'float32', shape: [images, inside.head, null], range: shareRange } as const;
    const graph = await this.#graphs.open(join(this.#packFolder, inside.file));
    const answer = await graph.run({ image_features: features, token_probs: takeOutput(head, outputs, asked) });
    return takeOutput(graph.name, answer, { name: 'score', dtype: 'float32', shape: [images], range: shareRange }).data;
  }

  /** Into the same memory for every batch where a run is over before the next begins: megabytes a batch keep the collector busy. */
  #normalise(pictures: readonly Pixels[], isAlone: boolean): Tensor<'float32'> {
    const { image } = this.role;
    if (!isAlone) return normalisePixels(pictures, image);
    const size = pictures.length * 3 * image.width * image.height;
    if (this.#pixelValues.length < size) this.#pixelValues = new Float32Array(size);
    return normalisePixels(pictures, image, this.#pixelValues);
  }

  #openBackbone(): Promise<Session> {
    return this.#graphs.open(join(this.#packFolder, this.role.backbone.file));
  }

  #headFile(length: number): string {
    const head = this.role.heads[String(length)];
    if (head) return head.file;
    const lengths = this.lengths.join(', ');
    throw new StudioError('length-unsupported', `The model cannot write ${length} tokens.`, `Choose one of ${lengths}.`, {
      length,
      lengths,
    });
  }
}

/** Probabilities are rounded, at the latest by half precision. */
const shareRange = [-0.001, 1.001] as const;

/** What a head said, with its name for what is wrong with it. */
interface HeadAnswer {
  readonly head: string;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

function readHead(
  { head, outputs }: HeadAnswer,
  [batch, length, patches]: readonly [batch: number, length: number, patches: number],
  wantedTopK?: number,
): Omit<EncodedLength, 'insideScores'> {
  const given = outputs['token_ids']?.shape[2] ?? 0;
  if (!(given >= 1 && given <= packLimits.candidates)) {
    throw graphFault(head, `it gives ${given} candidates for a position, not 1 to ${packLimits.candidates}`);
  }
  const ids = takeOutput(head, outputs, { name: 'token_ids', dtype: 'int64', shape: [batch, length, given] });
  const share = { dtype: 'float32', range: shareRange } as const;
  const probabilities = takeOutput(head, outputs, { name: 'token_probs', shape: [batch, length, given], ...share });
  const attention = outputs['attention']
    ? takeOutput(head, outputs, { name: 'attention', shape: [batch, length, patches], ...share })
    : null;
  const topK = Math.min(wantedTopK ?? given, given);
  const tokenIds = toTokenIds(head, ids.data);
  const isWanted = (_: number, index: number): boolean => index % given < topK;
  return {
    length,
    topK,
    tokenIds: topK === given ? tokenIds : tokenIds.filter(isWanted),
    probabilities: topK === given ? probabilities.data : probabilities.data.filter(isWanted),
    attention: attention ? toShares(attention.data) : null,
  };
}

/** Ids are below 2^31: the low halves of the little-endian int64 say everything, without a BigInt each, and the high ones are 0. */
function toTokenIds(head: string, ids: BigInt64Array): Int32Array {
  const halves = new Int32Array(ids.buffer, ids.byteOffset, ids.length * 2);
  const tokenIds = new Int32Array(ids.length);
  for (let index = 0; index < tokenIds.length; index += 1) {
    const id = halves[2 * index] ?? 0;
    if (id < 0 || halves[2 * index + 1] !== 0) throw graphFault(head, 'token_ids holds what no id of a vocabulary can be');
    tokenIds[index] = id;
  }
  return tokenIds;
}

/** Attention, in `shareRange`, in whole parts of `attentionOne`. */
function toShares(attention: Float32Array): Uint16Array {
  const shares = new Uint16Array(attention.length);
  // In integers and compared: floats stored and Math.min take twice as long, and there are thousands of shares a picture.
  for (let index = 0, count = shares.length; index < count; index++) {
    const share = ((attention[index] ?? 0) * attentionOne + 0.5) | 0;
    shares[index] = share < 0 ? 0 : share > attentionOne ? attentionOne : share;
  }
  return shares;
}
