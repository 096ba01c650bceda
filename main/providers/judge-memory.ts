import { freemem } from 'node:os';
import { join } from 'node:path';
import type { DrawingMemory, DrawingMemoryQuestion } from '../../contract/models/drawing-memory.ts';
import { connectionOfDevice } from '../../contract/studio-info.ts';
import type { EngineStatus } from '../../contract/studio-info.ts';
import { estimateDrawing } from '../engine/memory/estimate-drawing.ts';
import { memoryPerFileByte } from '../engine/memory/session-cache.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import { measureGraph } from '../tensor/measure-graph.ts';
import { readDecoderFolder } from '../text-to-image/read-decoder-folder.ts';

/** Of an engine that has loaded nothing: Node with the runtime. The engine counts with what it finds when it starts. */
const emptyEngineBytes = 130e6;
const closeShare = 0.8;

/**
 * Whether a drawing fits into this machine's memory, in the way the engine reckons it before it draws.
 *
 * @param freeBytes what the system could give to programs now
 * @returns null where its graphs run elsewhere
 * @throws StudioError pack-role-missing; as `readDecoderFolder` does
 */
export async function judgeMemory(
  pack: ResolvedPack,
  { width, height, count = 1, guidance }: DrawingMemoryQuestion,
  { device, memoryBytes, memoryBudgetBytes }: Pick<EngineStatus, 'device' | 'memoryBytes' | 'memoryBudgetBytes'>,
  freeBytes: number = freemem(),
): Promise<DrawingMemory | null> {
  const { folder, image, defaults } = requireRole(pack, 'decoder');
  if (device !== null && connectionOfDevice(device) !== null) return null;
  const size = width === undefined || height === undefined ? { width: image.width, height: image.height } : { width, height };
  const drawing = { ...size, count, guidance: guidance ?? defaults.guidance };
  const weigh = async (path: string): Promise<number> => (await measureGraph(path)) * memoryPerFileByte;
  const need = await estimateDrawing(await readDecoderFolder(join(pack.folder, folder)), drawing, weigh);
  if (need === null) return null;
  const needBytes = emptyEngineBytes + need.bytes;
  // What the engine holds it can let go.
  const haveBytes = Math.min(memoryBudgetBytes, freeBytes + memoryBytes);
  const fits = needBytes <= haveBytes;
  return {
    verdict: fits
      ? needBytes > haveBytes * closeShare
        ? 'close'
        : 'fits'
      : needBytes > memoryBudgetBytes
        ? 'too-much'
        : 'short',
    needBytes,
    haveBytes,
    smaller: fits ? null : need.findFitting(haveBytes - emptyEngineBytes),
  };
}
