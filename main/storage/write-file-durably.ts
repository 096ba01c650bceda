import { stageFile } from './stage-file.ts';

/** Replaces a file whole: temporary file, flush, rename, flush of the folder. Throws StudioError disk-full or file-unwritable. */
export async function writeFileDurably(path: string, bytes: Uint8Array): Promise<void> {
  const staged = await stageFile(path, bytes);
  await staged.publish();
}
