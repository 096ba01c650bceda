import type { PackCheckEvent } from '../../contract/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { streamProgress } from '../running/stream-progress.ts';

/** How often progress is told: a pack has hundreds of files, and a line of each would be read by nobody. */
const TELL_EVERY_MS = 80;

/** Hashes every file of a pack and tells how far it is. Ends with `done`; leaving the loop early stops the check. */
export async function* checkPack(
  packs: PackRegistry,
  packId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackCheckEvent, void, void> {
  const verification = yield* streamProgress<PackCheckEvent, Awaited<ReturnType<PackRegistry['verifyPack']>>>(
    (tell, stop) =>
      packs.verifyPack(packId, {
        signal: stop,
        onProgress: (doneBytes, totalBytes) => tell({ type: 'progress', doneBytes, totalBytes }),
      }),
    signal,
    TELL_EVERY_MS,
  );
  yield { type: 'done', verification };
}
