import { join } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { hasFusedAttention } from '../../tensor/measure-graph.ts';
import type { DiffusionPipeline } from '../../text-to-image/diffusion-pipeline.ts';
import { estimateMemory, findFittingSize } from '../../text-to-image/estimate-memory.ts';
import type { DecoderWeights, PictureSize } from '../../text-to-image/estimate-memory.ts';
import { picturesAtOnce } from '../../text-to-image/picture-batches.ts';
import type { SessionCache } from './session-cache.ts';

export interface DrawingToFit extends PictureSize {
  readonly count: number;
  readonly guidance: number;
}

/**
 * Refuses a drawing that cannot fit into the memory that the studio may use, before anything of it is loaded, and says what would fit.
 *
 * @throws StudioError `memory-exceeded`
 */
export async function requireMemory(
  { config: known }: Pick<DiffusionPipeline, 'config'>,
  drawing: DrawingToFit,
  sessions: Pick<SessionCache, 'memoryBudgetBytes' | 'baselineBytes' | 'weigh'>,
): Promise<void> {
  const { width, height, count, guidance } = drawing;
  const { memoryBudgetBytes, baselineBytes } = sessions;
  const weights = await weigh(known, sessions);
  // It runs elsewhere, or is not there, which opening it tells.
  if (weights.denoiser === 0) return;
  const config = await withoutFused(known);
  const isGuided = guidance > 1 && config.family.guidesByPairs;
  const rows = Math.min(count, picturesAtOnce(drawing, isGuided)) * (isGuided ? 2 : 1);
  const need = estimateMemory(config, weights, drawing, rows);
  const requiredBytes = baselineBytes + need.bytes;
  if (requiredBytes <= memoryBudgetBytes) return;
  const fitting = findFittingSize(config, weights, drawing, isGuided ? 2 : 1, memoryBudgetBytes - baselineBytes);
  const wanted = `A picture of ${width} × ${height} needs ${inGb(requiredBytes)} GB of memory at least, and the studio may use ${inGb(memoryBudgetBytes)} GB.`;
  const more = `raise the studio's memory budget above ${inGb(requiredBytes)} GB`;
  throw new StudioError(
    'memory-exceeded',
    wanted,
    fitting === null ? `Choose a smaller model, or ${more}.` : `${fitting.width} × ${fitting.height} would fit; or ${more}.`,
    {
      ...{ width, height, requiredBytes: Math.ceil(requiredBytes), memoryBudgetBytes, part: need.part },
      ...(fitting === null ? {} : { smallerWidth: fitting.width, smallerHeight: fitting.height }),
    },
  );
}

/** Rounded up, so that what is needed is never told as what is there. */
const inGb = (bytes: number): string => (Math.ceil(bytes / 1e8) / 10).toFixed(1);

async function weigh(
  { folder, textEncoders, family }: DiffusionPipeline['config'],
  sessions: Pick<SessionCache, 'weigh'>,
): Promise<DecoderWeights> {
  const bytesOf = (part: string): Promise<number> => sessions.weigh(join(folder, part, 'model.onnx'));
  const [denoiser, vae, ...texts] = await Promise.all(
    [family.denoiser.component, 'vae_decoder', ...textEncoders.map(({ component }) => component)].map(bytesOf),
  );
  return { text: Math.max(0, ...texts), denoiser: denoiser ?? 0, vae: vae ?? 0 };
}

/** Attention that a graph has in one operator holds no scores that could be counted. */
async function withoutFused(config: DiffusionPipeline['config']): Promise<DiffusionPipeline['config']> {
  const { folder, family, attention, decoder } = config;
  const isFused = (part: string): Promise<boolean> => hasFusedAttention(join(folder, part, 'model.onnx'));
  const [denoiser, vae] = await Promise.all([isFused(family.denoiser.component), isFused('vae_decoder')]);
  return { ...config, attention: denoiser ? null : attention, decoder: { ...decoder, attends: decoder.attends && !vae } };
}
