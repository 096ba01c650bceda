import type { IncomingMessage } from 'node:http';
import { StudioError } from '../../../contract/errors.ts';

function tooLarge(limitBytes: number): StudioError {
  const limitMb = Math.floor(limitBytes / 1_000_000);
  return new StudioError(
    'image-too-large',
    `The file is larger than ${limitMb} MB.`,
    'Save it smaller or as JPEG, and add it again.',
    {
      limitBytes,
    },
  );
}

/**
 * Reads a request's body.
 * @throws StudioError `image-too-large` as soon as more than `limitBytes` were announced or have come; the rest is discarded.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    request.resume();
    throw tooLarge(limitBytes);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        chunks.length = 0;
        reject(tooLarge(limitBytes));
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks, bytes > limitBytes ? 0 : bytes)));
    request.once('error', reject);
  });
}
