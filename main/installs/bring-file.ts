import { link, lstat, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/**
 * Puts a file of this machine into a pack's folder: linked where both lie on one disk, so that it takes no room, else copied. Only regular
 * files; no link is followed.
 *
 * @throws StudioError file-unreadable; the signal's reason; errors of the disk that is written to
 */
export async function bringFile(source: string, target: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { force: true });
  const isLinked = await link(source, target).then(
    () => true,
    // Another disk, or one without links.
    () => false,
  );
  if (!isLinked) {
    await copyRegular(source, target, signal);
    return;
  }
  // A link to a link is a link: what was made is what is looked at.
  if ((await lstat(target)).isFile()) return;
  await rm(target, { force: true });
  const hint = 'Put the file itself there: no folder, pipe, device or link.';
  throw new StudioError('file-unreadable', `${source} is not a regular file.`, hint, { path: source, reason: 'not-regular' });
}

async function copyRegular(source: string, target: string, signal: AbortSignal): Promise<void> {
  const { handle, bytes } = await openRegularFile(source, { maximumBytes: Number.MAX_SAFE_INTEGER, followLinks: false, signal });
  if (bytes === 0) await handle.close();
  const written = await open(target, 'w');
  try {
    if (bytes === 0) return;
    const stream: AsyncIterable<Buffer> = handle.createReadStream({ highWaterMark: 1 << 20, start: 0, end: bytes - 1 });
    for await (const piece of stream) {
      signal.throwIfAborted();
      await written.writeFile(piece);
    }
    await written.sync();
  } finally {
    await written.close();
  }
}
