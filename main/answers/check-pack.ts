import type { PackCheckEvent } from '../../contract/pack.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';

/** How often progress is told: a pack has hundreds of files, and a line of each would be read by nobody. */
const TELL_EVERY_MS = 80;

/** Hashes every file of a pack and tells how far it is. Ends with `done`; leaving the loop early stops the check. */
export async function* checkPack(
  packs: PackRegistry,
  packId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<PackCheckEvent, void, void> {
  const leaving = new AbortController();
  const told: PackCheckEvent[] = [];
  let wake: () => void = () => undefined;
  const check = packs.verifyPack(packId, {
    signal: signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]),
    // Only the newest is worth telling.
    onProgress: (doneBytes, totalBytes) => (told[0] = { type: 'progress', doneBytes, totalBytes }),
  });
  const ended = check.then(
    () => true,
    () => true,
  );
  try {
    for (;;) {
      const timer = setTimeout(() => wake(), TELL_EVERY_MS);
      const isEnded = await Promise.race([ended, new Promise<boolean>((resolve) => (wake = () => resolve(false)))]);
      clearTimeout(timer);
      yield* told.splice(0);
      if (isEnded) break;
    }
    yield { type: 'done', verification: await check };
  } finally {
    leaving.abort();
  }
}
