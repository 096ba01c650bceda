import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { EncoderRole } from '../../contract/pack.ts';
import { attentionOne } from '../../contract/reading.ts';
import { stackImages } from '../image/stack-images.ts';
import type { RunContext } from '../run-context.ts';
import { assertShape } from '../tensor/assert-shape.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
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
 * asking for three lengths costs little more than asking for one. Graph contract: contract/pack.ts, `encoderRoleSchema`.
 */
export class ImageEncoder {
  readonly role: EncoderRole;
  readonly #packFolder: string;
  readonly #openSession: OpenSession;
  #stacked = new Float32Array();

  private constructor(packFolder: string, role: EncoderRole, openSession: OpenSession) {
    this.role = role;
    this.#packFolder = packFolder;
    this.#openSession = openSession;
  }

  /** Graphs are opened when first needed: a length nobody asks for is never loaded. */
  static open(packFolder: string, role: EncoderRole, openSession: OpenSession): ImageEncoder {
    return new ImageEncoder(packFolder, role, openSession);
  }

  get lengths(): readonly number[] {
    return Object.keys(this.role.heads)
      .map(Number)
      .sort((first, second) => first - second);
  }

  /** How many images the backbone takes in one run: its fixed batch axis, or null when any number will do. */
  async fixedBatchSize(): Promise<number | null> {
    const batchAxis = (await this.#openBackbone()).inputs[0]?.shape[0];
    return typeof batchAxis === 'number' && batchAxis > 0 ? batchAxis : null;
  }

  /**
   * @param tensors one float32 [1, 3, H, W] an image, preprocessed as the role's `image` says
   * @returns one entry a length, in the order asked for, each about all images in their order
   * @throws StudioError length-unsupported, pack-file-missing, pack-invalid, memory-exceeded; the signal's reason
   */
  async encode(tensors: readonly Tensor<'float32'>[], options: EncodeOptions, context: RunContext): Promise<EncodedLength[]> {
    const heads = options.lengths.map((length) => ({ length, file: this.#headFile(length) }));
    const backbone = await this.#openBackbone();
    context.signal.throwIfAborted();
    const pixelValues = findTensorSpec(backbone, 'inputs', ['pixel_values'], 0).name;
    const featuresName = findTensorSpec(backbone, 'outputs', ['last_hidden_state'], 0).name;
    const { [featuresName]: features } = await backbone.run({ [pixelValues]: this.#stack(tensors) });
    if (!features) throw new Error(`${backbone.name} gave no ${featuresName}`);
    const encoded: EncodedLength[] = [];
    for (const { length, file } of heads) {
      context.signal.throwIfAborted();
      const head = await this.#openSession(join(this.#packFolder, file));
      const outputs = await head.run({ [findTensorSpec(head, 'inputs', ['image_features'], 0).name]: features });
      encoded.push(readHead(outputs, tensors.length, length, options.topK));
    }
    return encoded;
  }

  /** Into the same memory for every batch: a run is over before the next begins, and megabytes a batch keep the collector busy. */
  #stack(tensors: readonly Tensor<'float32'>[]): Tensor<'float32'> {
    const size = tensors.reduce((sum, tensor) => sum + tensor.data.length, 0);
    if (this.#stacked.length < size) this.#stacked = new Float32Array(size);
    return stackImages(tensors, this.#stacked);
  }

  #openBackbone(): Promise<Session> {
    return this.#openSession(join(this.#packFolder, this.role.backbone.file));
  }

  #headFile(length: number): string {
    const head = this.role.heads[String(length)];
    if (head) return head.file;
    const lengths = this.lengths.join(', ');
    throw new StudioError('length-unsupported', `The pack cannot write ${length} tokens.`, `Choose one of ${lengths}.`, {
      length,
      lengths,
    });
  }
}

function readHead(outputs: Readonly<Record<string, Tensor>>, batch: number, length: number, wantedTopK?: number): EncodedLength {
  const { token_ids: ids, token_probs: probabilities, attention } = outputs;
  if (!ids || !probabilities) throw new Error('a head without token_ids or token_probs');
  const given = ids.shape[2] ?? 0;
  assertShape('token_ids', ids, 'int64', [batch, length, given]);
  assertShape('token_probs', probabilities, 'float32', [batch, length, given]);
  if (attention) assertShape('attention', attention, 'float32', [batch, length, null]);
  const topK = Math.min(wantedTopK ?? given, given);
  // Ids are below 2^31: the low halves of the little-endian int64 say everything, without a BigInt each.
  const lowWords = new Int32Array(ids.data.buffer, ids.data.byteOffset, ids.data.length * 2);
  const tokenIds = new Int32Array(batch * length * topK);
  const tokenProbabilities = new Float32Array(tokenIds.length);
  for (let position = 0; position < batch * length; position++) {
    for (let rank = 0; rank < topK; rank++) {
      tokenIds[position * topK + rank] = lowWords[(position * given + rank) * 2] ?? 0;
      tokenProbabilities[position * topK + rank] = probabilities.data[position * given + rank] ?? 0;
    }
  }
  return { length, topK, tokenIds, probabilities: tokenProbabilities, attention: attention ? toShares(attention.data) : null };
}

/** Attention 0..1 in whole parts of `attentionOne`. */
function toShares(attention: Float32Array): Uint16Array {
  const shares = new Uint16Array(attention.length);
  for (let index = 0; index < shares.length; index++) shares[index] = (attention[index] ?? 0) * attentionOne + 0.5;
  return shares;
}
