import { mkdir } from 'node:fs/promises';

/** Makes the folder for results before any work is done, so that a wrong --out costs no time. */
export async function makeOutFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}
