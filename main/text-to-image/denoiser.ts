import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { elementCount } from '../tensor/assert-shape.ts';
import { findTensorSpec } from '../tensor/find-tensor-spec.ts';
import { fixedRows, graphFault } from '../tensor/graph-fault.ts';
import { runInBatches } from '../tensor/run-in-batches.ts';
import type { Session, TensorSpec } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { conditionFeeds } from './condition-feeds.ts';
import type { ConditionInputs } from './condition-feeds.ts';
import type { DecoderFamily } from './families/decoder-family.ts';
import { packPatches, patchesShape, unpackPatches } from './latent-patches.ts';
import { WideSample } from './masks/wide-sample.ts';
import type { ShownChannels } from './masks/wide-sample.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';

export interface DenoiserInputs extends ConditionInputs {
  /** Beside the latents of each picture, the same for every text; null for denoisers that take latents alone. */
  readonly shown: ShownChannels | null;
  readonly beforeRun: () => Promise<void>;
}

/** The denoiser for one batch. The caller fills `input`, then asks for the output at a timestep, as long as the batch lasts. */
export interface Denoiser {
  readonly input: Float32Array;
  predict(timestep: number): Promise<Float32Array>;
}

/** True when the denoiser is asked once a step and without a negative prompt: distilled with guidance as an input, or of a family without pairs. */
export function hasEmbeddedGuidance(session: Session, { conditions, guidesByPairs }: DecoderFamily): boolean {
  return !guidesByPairs || session.inputs.some((input) => conditions[input.name]?.from === 'guidance');
}

/**
 * Fits a batch to the inputs a denoiser of a family declares, whichever export wrote it: a timestep of any rank and type, a fixed batch
 * size, half precision, pictures or patches. Throws `bad-request` for a picture size and `prompt-too-long` for a text that a graph of fixed
 * shape does not take, `bad-request` for one that is shown no mask and needs one, and `pack-invalid` for an input the family says nothing of.
 */
export function createDenoiser(session: Session, family: DecoderFamily, inputs: DenoiserInputs): Denoiser {
  const { shape, shown, beforeRun } = inputs;
  const { takesPatches, timestepScale, ...names } = family.denoiser;
  const sampleSpec = findTensorSpec(session, 'inputs', names.sample, 0);
  const timestepSpec = findTensorSpec(session, 'inputs', names.timestep, 1);
  const [count, ...row] = shape;
  const input = new Float32Array(elementCount(shape));
  const patchShape = patchesShape(shape);
  const patches = takesPatches ? new Float32Array(input.length) : null;
  if (!takesPatches) assertSize(sampleSpec, shape, shown);
  const wide = shown === null ? null : new WideSample(shape, shown);
  const { rows, shared } = conditionFeeds(session, family, inputs);
  assertAllKnown(session, family, [sampleSpec.name, timestepSpec.name, ...Object.keys(rows), ...Object.keys(shared)]);
  const timestepTensor = timestepOf(session.name, timestepSpec, fixedRows(session, sampleSpec) ?? count);
  const run = {
    session,
    rows: {
      [sampleSpec.name]: {
        dtype: 'float32',
        shape: wide?.shape ?? (patches ? patchShape : shape),
        data: wide?.data ?? patches ?? input,
      } as const,
      ...rows,
    },
    shared: { ...shared, [timestepSpec.name]: timestepTensor },
    output: findTensorSpec(session, 'outputs', names.output, 0).name,
    row: patches ? patchShape.slice(1) : row,
    limit: count,
    beforeRun,
  };
  return {
    input,
    async predict(timestep) {
      // A graph that counts timesteps in whole numbers gets the whole part, as in diffusers' ONNX pipelines.
      const told = timestep * timestepScale;
      timestepTensor.data.fill(timestepTensor.dtype === 'int32' ? Math.trunc(told) : told);
      wide?.fill(input);
      if (!patches) return (await runInBatches(run)).data;
      packPatches(input, shape, patches);
      const output = (await runInBatches(run)).data;
      const picture = new Float32Array(output.length);
      unpackPatches(output, shape, picture);
      return picture;
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

/**
 * True for a denoiser that was trained to fill in: beside the latents it takes a mask and the latents of the rest of the picture. The graph says so; where it
 * leaves its channels open, the config.
 */
export function fillsIn(
  session: Session,
  { family, latentChannels, denoiserChannels }: Pick<DecoderConfig, 'family' | 'latentChannels' | 'denoiserChannels'>,
): boolean {
  if (family.denoiser.takesPatches) return false;
  const channels = findTensorSpec(session, 'inputs', family.denoiser.sample, 0).shape[1];
  return (typeof channels === 'number' ? channels : denoiserChannels) === 2 * latentChannels + 1;
}

/** What a denoiser that fills in says where there is nothing to fill in. */
export function maskMissing(): StudioError {
  return new StudioError(
    'bad-request',
    'This model draws a part of a picture anew: it needs a picture to begin with and a mask.',
    'Choose a picture and paint a mask, or choose a model that draws whole pictures.',
  );
}

function assertSize(
  spec: TensorSpec,
  [, latentChannels, height, width]: DenoiserInputs['shape'],
  shown: ShownChannels | null,
): void {
  const [, wantedChannels, wantedHeight, wantedWidth] = spec.shape;
  const channels = latentChannels + (shown?.channels ?? 0);
  if (typeof wantedChannels === 'number' && wantedChannels !== channels) {
    if (shown === null && wantedChannels === 2 * latentChannels + 1) throw maskMissing();
    throw new StudioError(
      'pack-invalid',
      `The denoiser takes ${wantedChannels} channels where the studio gives ${channels}.`,
      'Models that change pictures by instructions draw none from texts; choose another.',
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
