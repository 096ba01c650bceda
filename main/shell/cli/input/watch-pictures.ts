import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { findImages } from './find-images.ts';

/**
 * Calls back with each picture once, those that are there and those that come, as soon as its file grows no more. The folders are looked at
 * now and then, because folders on other machines tell nothing of what comes into them. Ends with the signal, after the picture in hand.
 *
 * @param names files, folders and patterns
 */
export async function watchPictures(
  names: readonly string[],
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
  onPicture: (path: string) => Promise<void>,
): Promise<void> {
  const taken = new Set<string>();
  const sizes = new Map<string, number>();
  while (!signal.aborted) {
    for (const path of (await findImages(names)).paths) {
      if (signal.aborted || taken.has(path)) continue;
      const size = (await stat(path).catch(() => null))?.size ?? 0;
      if (size === 0 || sizes.get(path) !== size) {
        sizes.set(path, size);
        continue;
      }
      taken.add(path);
      await onPicture(path);
    }
    // A person's Ctrl+C ends the watching, not what was taken.
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
