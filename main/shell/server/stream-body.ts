import type { IncomingMessage } from 'node:http';
import { StudioError } from '../../../contract/errors.ts';

/**
 * A request's body as it comes. Whoever reads it sets the pace; what is left when the reader stops early is discarded, so that the
 * sender still gets an answer.
 *
 * @throws StudioError `image-too-large` before the first byte where more than `limitBytes` are announced
 */
export async function* streamBody(request: IncomingMessage, limitBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
      const limitMb = Math.floor(limitBytes / 1_000_000);
      const hint = 'Save it smaller or as JPEG, and add it again.';
      throw new StudioError('image-too-large', `The file is larger than ${limitMb} MB.`, hint, { limitBytes });
    }
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    request.resume();
  }
}
