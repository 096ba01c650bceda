import { createHash } from 'node:crypto';
import { openRegularFile } from '../files/open-regular-file.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * Lower-case hexadecimal sha256 of a regular file, read as a stream; a link is not followed.
 *
 * @param bytes Its size; one that is larger is refused.
 * @param onBytes Called with the number of bytes of each chunk.
 * @throws StudioError file-unreadable; the signal's reason
 */
export async function hashFile(
  path: string,
  bytes: number,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const { handle } = await openRegularFile(path, { maximumBytes: bytes, followLinks: false, signal });
  // Ends at the size, so that a file that grows meanwhile is not read for ever; closes the handle.
  const stream: AsyncIterable<Buffer> = handle.createReadStream({
    highWaterMark: CHUNK_BYTES,
    start: 0,
    end: Math.max(bytes - 1, 0),
  });
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    hash.update(chunk);
    onBytes?.(chunk.length);
  }
  return hash.digest('hex');
}
