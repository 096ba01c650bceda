import { StudioError } from '../../contract/errors.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { runInBatches } from '../tensor/run-in-batches.ts';
import type { Session, TensorSpec } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { embedGuidance } from './guidance.ts';

export interface DenoiserInputs {
  /** [rows, channels, height, width] of the latents. */
  readonly shape: readonly [number, number, number, number];
  /** One text a row: [rows, tokens, width]. */
  readonly embeddings: Tensor<'float32'>;
  /** Told to a distilled U-Net; others ignore it. */
  readonly guidanceScale: number;
  readonly beforeRun: () => Promise<void>;
}

/** The U-Net for one batch. The caller fills `input`, then asks for the output at a timestep, as long as the batch lasts. */
export interface Denoiser {
  readonly input: Float32Array;
  predict(timestep: number): Promise<Float32Array>;
}

/** True when the U-Net was distilled with guidance as an input, so that it runs once a step and without a negative prompt. */
export function hasEmbeddedGuidance(session: Session): boolean {
  return session.inputs.some((input) => input.name === 'timestep_cond');
}

/**
 * Fits a batch to the inputs a U-Net declares, whichever export wrote it: a timestep of any rank and type, a fixed batch size, half
 * precision. Throws `bad-request` for a picture size and `prompt-too-long` for a text that a graph of fixed shape does not take.
 */
export function createDenoiser(session: Session, { shape, embeddings, guidanceScale, beforeRun }: DenoiserInputs): Denoiser {
  const sampleSpec = findTensorSpec(session, 'inputs', ['sample'], 0);
  const timestepSpec = findTensorSpec(session, 'inputs', ['timestep'], 1);
  const textSpec = findTensorSpec(session, 'inputs', ['encoder_hidden_states'], 2);
  assertSize(sampleSpec, shape);
  assertTextFits(textSpec, embeddings);
  const [count] = shape;
  const input = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const rows: Record<string, Tensor> = {
    [sampleSpec.name]: { dtype: 'float32', shape, data: input },
    [textSpec.name]: embeddings,
  };
  const guidanceSpec = session.inputs.find((spec) => spec.name === 'timestep_cond');
  if (guidanceSpec) rows[guidanceSpec.name] = guidanceRows(guidanceSpec, guidanceScale, count);
  const timestepTensor = timestepOf(timestepSpec, typeof sampleSpec.shape[0] === 'number' ? sampleSpec.shape[0] : count);
  const run = {
    session,
    rows,
    shared: { [timestepSpec.name]: timestepTensor },
    output: findTensorSpec(session, 'outputs', ['out_sample'], 0).name,
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
function timestepOf(spec: TensorSpec, rows: number): Tensor<'float32'> | Tensor<'int32'> {
  const shape = spec.shape.map((size) => (typeof size === 'number' ? size : /batch/i.test(size) ? rows : 1));
  const length = shape.reduce((product, size) => product * size, 1);
  if (spec.dtype === 'float32' || spec.dtype === 'float16') return { dtype: 'float32', shape, data: new Float32Array(length) };
  return { dtype: 'int32', shape, data: new Int32Array(length) };
}

function guidanceRows(spec: TensorSpec, guidanceScale: number, count: number): Tensor<'float32'> {
  const length = spec.shape[1];
  if (typeof length !== 'number') throw new Error('timestep_cond has no fixed length');
  const row = embedGuidance(guidanceScale, length);
  const data = new Float32Array(count * length);
  for (let index = 0; index < count; index += 1) data.set(row, index * length);
  return { dtype: 'float32', shape: [count, length], data };
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
      `The U-Net takes ${wantedChannels} channels where the studio gives ${channels}.`,
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
