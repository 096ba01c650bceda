import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';

/** Pictures come inside, a third larger than they are. */
const MAX_BODY_BYTES = 96 * 1024 * 1024;

/**
 * A request's body, as its client's protocol has it.
 * @throws StudioError `bad-request`, whose details name the place that does not fit
 */
export async function readJson<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(parseJson(await readText(request)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  const message = `${place === '' ? 'The request' : place}: ${issue?.message ?? 'does not fit'}`;
  throw new StudioError('bad-request', message, 'Correct that part and send it again.', { place });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      // What is still coming is let go, so that the sender gets an answer.
      request.resume();
      throw new StudioError('image-too-large', 'The request is too large.', 'Send smaller pictures, or fewer at a time.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StudioError('bad-request', 'The request is not JSON.', 'Send a JSON object.', { place: '' });
  }
}
