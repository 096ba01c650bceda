import { join } from 'node:path';
import { hasFusedAttention } from '../../tensor/measure-graph.ts';
import type { DecoderConfig } from '../../text-to-image/read-decoder-folder.ts';
import { estimateMemory, findFittingSize } from '../../text-to-image/estimate-memory.ts';
import type { DecoderWeights, MemoryNeed, PictureSize } from '../../text-to-image/estimate-memory.ts';
import { picturesAtOnce } from '../../text-to-image/picture-batches.ts';

export interface DrawingToFit extends PictureSize {
  readonly count: number;
  readonly guidance: number;
}

/** What a drawing takes beside the process itself. */
export interface DrawingNeed extends MemoryNeed {
  /** The largest picture of the same shape for so many bytes; null where none fits. */
  readonly findFitting: (roomBytes: number) => PictureSize | null;
}

/**
 * What a drawing takes at the least, by the files of its graphs; nothing is loaded.
 *
 * @param weigh bytes of this machine's memory that a graph takes, by its path; 0 for one that runs elsewhere or is not there
 * @returns null where the denoiser takes nothing here
 */
export async function estimateDrawing(
  known: DecoderConfig,
  drawing: DrawingToFit,
  weigh: (path: string) => Promise<number>,
): Promise<DrawingNeed | null> {
  const [weights, config] = await Promise.all([weighAll(known, weigh), withoutFused(known)]);
  if (weights.denoiser === 0) return null;
  const isGuided = drawing.guidance > 1 && config.family.guidesByPairs;
  const rows = Math.min(drawing.count, picturesAtOnce(drawing, isGuided)) * (isGuided ? 2 : 1);
  return {
    ...estimateMemory(config, weights, drawing, rows),
    findFitting: (roomBytes) => findFittingSize(config, weights, drawing, isGuided ? 2 : 1, roomBytes),
  };
}

async function weighAll(
  { folder, textEncoders, family }: DecoderConfig,
  weigh: (path: string) => Promise<number>,
): Promise<DecoderWeights> {
  const bytesOf = (part: string): Promise<number> => weigh(join(folder, part, 'model.onnx'));
  const [denoiser, vae, ...texts] = await Promise.all(
    [family.denoiser.component, 'vae_decoder', ...textEncoders.map(({ component }) => component)].map(bytesOf),
  );
  return { text: Math.max(0, ...texts), denoiser: denoiser ?? 0, vae: vae ?? 0 };
}

/** Attention that a graph has in one operator holds no scores that could be counted. */
async function withoutFused(config: DecoderConfig): Promise<DecoderConfig> {
  const { folder, family, attention, decoder } = config;
  const isFused = (part: string): Promise<boolean> => hasFusedAttention(join(folder, part, 'model.onnx'));
  const [denoiser, vae] = await Promise.all([isFused(family.denoiser.component), isFused('vae_decoder')]);
  return { ...config, attention: denoiser ? null : attention, decoder: { ...decoder, attends: decoder.attends && !vae } };
}
