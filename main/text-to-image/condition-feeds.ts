import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { graphFault } from '../tensor/graph-fault.ts';
import type { Session, TensorSpec } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Conditioning } from './conditioning.ts';
import type { ConditionRule, DecoderFamily } from './families/decoder-family.ts';
import { embedGuidance } from './guidance.ts';

/** What a batch of rows is drawn under. */
export interface ConditionInputs {
  /** [rows, channels, height, width] of the latents. */
  readonly shape: readonly [number, number, number, number];
  /** What each row is told: [rows, …] an input. */
  readonly conditioning: Conditioning;
  /** Told to a distilled denoiser; others ignore it. */
  readonly guidanceScale: number;
  /** Of the pictures, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
}

interface ConditionFeeds {
  /** Inputs with one row a row of the batch. */
  readonly rows: Record<string, Tensor>;
  /** Inputs that are the same for the whole batch. */
  readonly shared: Record<string, Tensor>;
}

/**
 * Every further input of a denoiser, by the rules of its family. Throws `prompt-too-long` for a text that a graph of fixed shape does not take, and
 * `pack-invalid` where an input has no shape a rule can fill.
 */
export function conditionFeeds(session: Session, family: DecoderFamily, inputs: ConditionInputs): ConditionFeeds {
  const rows: Record<string, Tensor> = {};
  const shared: Record<string, Tensor> = {};
  for (const [name, rule] of Object.entries(family.conditions)) {
    if (rule.from === 'text' || rule.from === 'pooled') {
      const position = rule.from === 'text' ? rule.position : null;
      const spec = findTensorSpec(session, 'inputs', [name], position);
      const text = inputs.conditioning[name];
      if (!text) throw new Error(`no ${name} was made for the denoiser`);
      if (rule.from === 'text') assertTextFits(spec, text);
      rows[spec.name] = text;
      continue;
    }
    const spec = session.inputs.find((input) => input.name === name);
    if (!spec) continue;
    const made = rule.from === 'places' ? placesOf(session.name, spec, rule, inputs) : rowsOf(session.name, spec, rule, inputs);
    // Older exports of Flux repeat the places for each row.
    const isShared = rule.from === 'places' && made.shape.length === 2;
    (isShared ? shared : rows)[name] = made;
  }
  return { rows, shared };
}

function rowsOf(
  graph: string,
  spec: TensorSpec,
  rule: Exclude<ConditionRule, { from: 'text' | 'pooled' | 'places' }>,
  { shape: [count], guidanceScale, size }: ConditionInputs,
): Tensor<'float32'> {
  if (rule.from === 'guidance' && rule.as === 'number') {
    return { dtype: 'float32', shape: [count], data: new Float32Array(count).fill(guidanceScale) };
  }
  const length = spec.shape[1];
  if (rule.from === 'sizes') {
    if (length !== 6) throw graphFault(graph, `${spec.name} takes ${length} numbers of the size, not six`);
    return repeated([size.height, size.width, 0, 0, size.height, size.width], count);
  }
  if (typeof length !== 'number' || !(length >= 1 && length <= packLimits.width)) {
    throw graphFault(graph, `${spec.name} has no length that a guidance scale can be told in`);
  }
  return repeated(embedGuidance(guidanceScale, length), count);
}

function repeated(row: ArrayLike<number>, count: number): Tensor<'float32'> {
  const data = new Float32Array(count * row.length);
  for (let index = 0; index < count; index += 1) data.set(row, index * row.length);
  return { dtype: 'float32', shape: [count, row.length], data };
}

/** [places, 3], or [rows, places, 3] where the graph asks. */
function placesOf(
  graph: string,
  spec: TensorSpec,
  { of }: Extract<ConditionRule, { from: 'places' }>,
  { shape: [count, , height, width], conditioning }: ConditionInputs,
): Tensor {
  const tokens = conditioning['encoder_hidden_states']?.shape[1] ?? 0;
  const columns = width / 2;
  const each = of === 'text' ? tokens : columns * (height / 2);
  const one = Array.from({ length: each }, (_, place) =>
    of === 'text' ? [0, 0, 0] : [0, Math.floor(place / columns), place % columns],
  ).flat();
  if (spec.shape.length !== 2 && spec.shape.length !== 3) throw graphFault(graph, `${spec.name} has ${spec.shape.length} axes`);
  const isRepeated = spec.shape.length === 3;
  const values = isRepeated ? Array.from({ length: count }, () => one).flat() : one;
  const shape = isRepeated ? [count, each, 3] : [each, 3];
  if (spec.dtype === 'float32' || spec.dtype === 'float16') return { dtype: 'float32', shape, data: Float32Array.from(values) };
  return { dtype: 'int32', shape, data: Int32Array.from(values) };
}

function assertTextFits(spec: TensorSpec, embeddings: Tensor<'float32'>): void {
  const [, limit] = spec.shape;
  const rows = embeddings.shape[1] ?? 0;
  if (typeof limit !== 'number' || limit === rows) return;
  throw new StudioError(
    'prompt-too-long',
    `This model takes ${limit - 2} tokens at most.`,
    'Shorten the prompt or the negative prompt.',
    { limit, rows },
  );
}
