import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { hostName } from './host-protocol.ts';

/** Where the host listens and how it knows us. */
export interface HostAddress {
  readonly socketPath: string;
  readonly token: string;
}

/** About one connection only, so they are not passed on. `authorization` and `cookie` are ours to say, never the page's. */
const notForwarded = new Set([
  'authorization',
  'connection',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const statusesWithoutBody = new Set([101, 204, 205, 304]);

function requestHeaders(request: Request, token: string): Record<string, string> {
  const passed = [...request.headers].filter(([name]) => !notForwarded.has(name) && !name.startsWith('sec-'));
  return { ...Object.fromEntries(passed), host: hostName, authorization: `Bearer ${token}` };
}

function toResponse(answer: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(index, index + 2);
    // A cookie would put a secret of the core into the page's storage.
    if (!notForwarded.has(name.toLowerCase()) && name.toLowerCase() !== 'set-cookie') headers.append(name, value);
  }
  const status = answer.statusCode ?? 502;
  if (method === 'HEAD' || statusesWithoutBody.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
}

/**
 * Passes one request to the host over its socket, bodies streamed both ways. A reader who cancels the answer's stream ends the request at the host.
 *
 * @throws the socket's error when the host does not answer
 */
export function forwardRequest(request: Request, address: HostAddress): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      socketPath: address.socketPath,
      path: `${pathname}${search}`,
      method: request.method,
      headers: requestHeaders(request, address.token),
      signal: request.signal,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (answer) => resolve(toResponse(answer, request.method)));
    if (request.body === null) {
      outgoing.end();
      return;
    }
    pipeline(Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>), outgoing).catch(reject);
  });
}
