import { renameSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** How a file is given its name; tests hand in one that fails as Windows does. */
export interface RenameWay<Result> {
  readonly rename: (from: string, to: string) => Result;
  readonly platform: NodeJS.Platform;
  /** Pauses between the tries, milliseconds; after the last one the failure stands. */
  readonly waitsMs: readonly number[];
}

/** A virus scanner, a search index or a cloud folder lets go of a file within about a second. */
const WAITS_MS = [5, 10, 20, 50, 100, 200, 400];

const laterWay: RenameWay<Promise<void>> = { rename, platform: process.platform, waitsMs: WAITS_MS };
const nowWay: RenameWay<void> = { rename: renameSync, platform: process.platform, waitsMs: WAITS_MS };

/** True for what passes by itself: on Windows another program holds the target. Elsewhere a right that lacks stays lacking. */
function isHeld(error: unknown, platform: NodeJS.Platform): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'EBUSY' || (platform === 'win32' && (code === 'EPERM' || code === 'EACCES'));
}

/** Renames a file, over another where there is one, and tries again for about a second while that one is held. Errors of the file system pass through. */
export async function renamePatiently(from: string, to: string, way: Partial<RenameWay<Promise<void>>> = {}): Promise<void> {
  const { rename, platform, waitsMs } = { ...laterWay, ...way };
  for (const waitMs of waitsMs) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!isHeld(error, platform)) throw error;
      await setTimeout(waitMs);
    }
  }
  await rename(from, to);
}

/** The same for a program that is going down or has not yet begun: it waits where it stands. */
export function renamePatientlyNow(from: string, to: string, way: Partial<RenameWay<void>> = {}): void {
  const { rename, platform, waitsMs } = { ...nowWay, ...way };
  for (const waitMs of waitsMs) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      if (!isHeld(error, platform)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }
  rename(from, to);
}
