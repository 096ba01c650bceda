import { Readable } from 'node:stream';
import { basename } from 'node:path';
import { explainFileFailure } from './explain-file-failure.ts';
import { defaultImageLimits } from './image-limits.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/**
 * The bytes of a picture file that a person chose, for a shell that hands them to the core in another process: a regular file, no
 * larger than the core takes, read as fast as they are taken. The stream closes the file, also when it is cancelled.
 *
 * @throws StudioError file-unreadable, image-too-large
 */
export async function streamPictureFile(path: string): Promise<ReadableStream<Uint8Array>> {
  try {
    const { handle } = await openRegularFile(path, { maximumBytes: defaultImageLimits.maxBytes });
    return Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>;
  } catch (cause) {
    throw explainFileFailure(cause, basename(path));
  }
}
