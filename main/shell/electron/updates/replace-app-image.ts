import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, copyFile, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../../contract/errors.ts';
import { renamePatiently } from '../../../files/rename-patiently.ts';
import { syncFolder } from '../../../files/sync-folder.ts';

/** As in `dediffusion-studio-0.1.0-x86_64.AppImage`: such a name is given by whoever made it, any other by the person. */
const hasVersion = (name: string): boolean => /\d+\.\d+\.\d+/.test(name);

/** @throws StudioError `file-unwritable` where the file cannot be replaced by this account */
export async function requireReplaceable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    const hint = 'Put it into a folder of your own, or replace it by hand with the newer one.';
    throw new StudioError('file-unwritable', 'The program lies where it cannot be replaced.', hint, { path: file }, cause);
  }
}

async function sumOf(path: string): Promise<string> {
  const sum = createHash('sha512');
  const handle = await open(path, 'r');
  for await (const piece of handle.createReadStream({ highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) sum.update(piece);
  return sum.digest('base64');
}

/**
 * Puts a newer AppImage in the place of the one that runs: beside it first, checked there, then in one step, so that a full disk or a
 * power cut leaves the older one. The one that runs goes on from its open file.
 *
 * @param current the file that runs
 * @param update what was brought; it is gone afterwards
 * @param sha512 of the update, in base64
 * @returns the new file: under the name it has now, or, where that told its version, under its own
 * @throws StudioError `file-unwritable`, `download-damaged`; errors of the file system, and then nothing has changed
 */
export async function replaceAppImage(current: string, update: string, sha512: string): Promise<string> {
  await requireReplaceable(current);
  const folder = dirname(current);
  const target = hasVersion(basename(current)) ? join(folder, basename(update)) : current;
  const beside = join(folder, `.${basename(target)}.new`);
  try {
    await copyFile(update, beside);
    if ((await sumOf(beside)) !== sha512) {
      const hint = 'Nothing was changed. It is brought again when it is found the next time.';
      throw new StudioError('download-damaged', 'The newer version was damaged before it was installed.', hint);
    }
    await chmod(beside, (await stat(current)).mode | 0o500);
    const handle = await open(beside, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renamePatiently(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(folder);
  if (target !== current) await rm(current, { force: true });
  await rm(update, { force: true });
  return target;
}
