import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/pack-limits.ts';
import { elementCount } from '../tensor/assert-shape.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { fixedRows, graphFault } from '../tensor/graph-fault.ts';
import { runInBatches } from '../tensor/run-in-batches.ts';
import type { Session, TensorSpec } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Conditioning } from './conditioning.ts';
import type { DecoderFamily } from './families/decoder-family.ts';
import { embedGuidance } from './guidance.ts';

export interface DenoiserInputs {
  /** [rows, channels, height, width] of the latents. */
  readonly shape: readonly [number, number, number, number];
  /** What each row is told: [rows, …] an input. */
  readonly conditioning: Conditioning;
  /** Told to a distilled denoiser; others ignore it. */
  readonly guidanceScale: number;
  readonly beforeRun: () => Promise<void>;
}

/** The denoiser for one batch. The caller fills `input`, then asks for the output at a timestep, as long as the batch lasts. */
export interface Denoiser {
  readonly input: Float32Array;
  predict(timestep: number): Promise<Float32Array>;
}

/** True when the denoiser was distilled with guidance as an input, so that it runs once a step and without a negative prompt. */
export function hasEmbeddedGuidance(session: Session, { conditions }: DecoderFamily): boolean {
  return session.inputs.some((input) => conditions[input.name]?.from === 'guidance');
}

/**
 * Fits a batch to the inputs a denoiser of a family declares, whichever export wrote it: a timestep of any rank and type, a fixed batch
 * size, half precision. Throws `bad-request` for a picture size and `prompt-too-long` for a text that a graph of fixed shape does not take,
 * and `pack-invalid` for an input the family says nothing of.
 */
export function createDenoiser(session: Session, family: DecoderFamily, inputs: DenoiserInputs): Denoiser {
  const { shape, guidanceScale, beforeRun } = inputs;
  const sampleSpec = findTensorSpec(session, 'inputs', family.denoiser.sample, 0);
  const timestepSpec = findTensorSpec(session, 'inputs', family.denoiser.timestep, 1);
  assertSize(sampleSpec, shape);
  const [count, ...row] = shape;
  const input = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const rows: Record<string, Tensor> = {
    [sampleSpec.name]: { dtype: 'float32', shape, data: input },
  };
  for (const [name, rule] of Object.entries(family.conditions)) {
    if (rule.from === 'text') {
      const spec = findTensorSpec(session, 'inputs', [name], rule.position);
      const text = inputs.conditioning[name];
      if (!text) throw new Error(`no ${name} was made for the denoiser`);
      assertTextFits(spec, text);
      rows[spec.name] = text;
    } else {
      const spec = session.inputs.find((input) => input.name === name);
      if (spec) rows[spec.name] = guidanceRows(session.name, spec, guidanceScale, count);
    }
  }
  assertAllKnown(session, family, [...Object.keys(rows), timestepSpec.name]);
  const timestepTensor = timestepOf(session.name, timestepSpec, fixedRows(session, sampleSpec) ?? count);
  const run = {
    session,
    rows,
    shared: { [timestepSpec.name]: timestepTensor },
    output: findTensorSpec(session, 'outputs', family.denoiser.output, 0).name,
    row,
    limit: count,
    beforeRun,
  };
  return {
    input,
    async predict(timestep) {
      // A graph that counts timesteps in whole numbers gets the whole part, as in diffusers' ONNX pipelines.
      timestepTensor.data.fill(timestepTensor.dtype === 'int32' ? Math.trunc(timestep) : timestep);
      return (await runInBatches(run)).data;
    },
  };
}

/** One number a row where the axis is the batch; one number where the axis counts steps. */
function timestepOf(graph: string, spec: TensorSpec, rows: number): Tensor<'float32'> | Tensor<'int32'> {
  const shape = spec.shape.map((size) => (typeof size === 'number' ? size : /batch/i.test(size) ? rows : 1));
  const length = elementCount(shape);
  if (!(length >= 1 && length <= packLimits.width)) throw graphFault(graph, `${spec.name} takes ${length} numbers`);
  if (spec.dtype === 'float32' || spec.dtype === 'float16') return { dtype: 'float32', shape, data: new Float32Array(length) };
  return { dtype: 'int32', shape, data: new Int32Array(length) };
}

function guidanceRows(graph: string, spec: TensorSpec, guidanceScale: number, count: number): Tensor<'float32'> {
  const length = spec.shape[1];
  if (typeof length !== 'number' || !(length >= 1 && length <= packLimits.width)) {
    throw graphFault(graph, `${spec.name} has no length that a guidance scale can be told in`);
  }
  const row = embedGuidance(guidanceScale, length);
  const data = new Float32Array(count * length);
  for (let index = 0; index < count; index += 1) data.set(row, index * length);
  return { dtype: 'float32', shape: [count, length], data };
}

function assertAllKnown(session: Session, { label }: DecoderFamily, known: readonly string[]): void {
  const unknown = session.inputs.map(({ name }) => name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new StudioError(
    'pack-invalid',
    `The denoiser ${session.name} also takes ${unknown.join(' and ')}, which models like ${label} do not.`,
    `Choose an export of ${label}.`,
    { unknown: unknown.join(', ') },
  );
}

function assertTextFits(spec: TensorSpec, embeddings: Tensor<'float32'>): void {
  const [, limit] = spec.shape;
  const rows = embeddings.shape[1] ?? 0;
  if (typeof limit !== 'number' || limit === rows) return;
  throw new StudioError(
    'prompt-too-long',
    `This model takes ${limit - 2} tokens at most.`,
    'Shorten the prompt or the negative prompt.',
    {
      limit,
      rows,
    },
  );
}

function assertSize(spec: TensorSpec, [, channels, height, width]: DenoiserInputs['shape']): void {
  const [, wantedChannels, wantedHeight, wantedWidth] = spec.shape;
  if (typeof wantedChannels === 'number' && wantedChannels !== channels) {
    throw new StudioError(
      'pack-invalid',
      `The denoiser takes ${wantedChannels} channels where the studio gives ${channels}.`,
      'Inpainting and edit models are not text-to-image models; choose another.',
      { wantedChannels, channels },
    );
  }
  const isOther = (wanted: number | string | undefined, size: number): boolean => typeof wanted === 'number' && wanted !== size;
  if (!isOther(wantedHeight, height) && !isOther(wantedWidth, width)) return;
  throw new StudioError(
    'bad-request',
    'This model draws one size of picture only.',
    'Leave width and height at their defaults.',
    {
      latentWidth: Number(wantedWidth),
      latentHeight: Number(wantedHeight),
    },
  );
}
