import { StudioError } from '../../../contract/errors.ts';
import type { DiffusionPipeline } from '../../text-to-image/diffusion-pipeline.ts';
import { estimateDrawing } from './estimate-drawing.ts';
import type { DrawingToFit } from './estimate-drawing.ts';
import type { SessionCache } from './session-cache.ts';

/**
 * Refuses a drawing that cannot fit into the memory that the studio may use, before anything of it is loaded, and says what would fit.
 *
 * @throws StudioError `memory-exceeded`
 */
export async function requireMemory(
  { config }: Pick<DiffusionPipeline, 'config'>,
  drawing: DrawingToFit,
  sessions: Pick<SessionCache, 'memoryBudgetBytes' | 'baselineBytes' | 'weigh'>,
): Promise<void> {
  const { width, height } = drawing;
  const { memoryBudgetBytes, baselineBytes } = sessions;
  const need = await estimateDrawing(config, drawing, (path) => sessions.weigh(path));
  // It runs elsewhere, or is not there, which opening it tells.
  if (need === null) return;
  const requiredBytes = baselineBytes + need.bytes;
  if (requiredBytes <= memoryBudgetBytes) return;
  const fitting = need.findFitting(memoryBudgetBytes - baselineBytes);
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
