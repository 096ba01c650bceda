import { once } from 'node:events';
import { request as openHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Answer } from './answer.ts';
import { readAddress } from './check-destination.ts';
import type { Destination } from './check-destination.ts';
import { proxyHeaders } from './connect.ts';
import { encodeBody } from './encode-body.ts';
import type { EncodedBody, RequestBody } from './encode-body.ts';
import { explainFailure, unreachable } from './explain-failure.ts';
import { followRedirect } from './follow-redirect.ts';
import type { Hop, RedirectPolicy } from './follow-redirect.ts';
import { openConnection } from './open-connection.ts';
import type { Surroundings } from './open-connection.ts';
import { RequestClock } from './time-limits.ts';
import type { TimeLimits } from './time-limits.ts';

export interface OutgoingRequest {
  readonly address: string | URL;
  readonly destination: Destination;
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that hold a key: never sent to another origin, nor over plain http to the open internet. */
  readonly keyHeaders?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** Goes on with a file from byte `from`, if it is still the one with this `etag`; `Answer.from` says whether the host does. */
  readonly range?: { readonly from: number; readonly etag: string | null };
  /** Default `same-origin`. */
  readonly redirects?: RedirectPolicy;
  /** Most bytes of the answer. Default 16 MiB. */
  readonly maxBytes?: number;
  readonly limits?: TimeLimits;
  readonly signal?: AbortSignal | undefined;
}

const defaultMaxBytes = 16 * 1_048_576;

function firstHop(request: OutgoingRequest, body: EncodedBody | null): Hop {
  const { destination, method = 'GET', range } = request;
  const ranged = range === undefined || range.from === 0 ? {} : { range: `bytes=${range.from}-` };
  return {
    url: readAddress(request.address, destination),
    destination,
    method,
    headers: {
      accept: '*/*',
      'user-agent': 'De-Diffusion-Studio',
      ...request.headers,
      ...ranged,
      ...(range === undefined || range.from === 0 || range.etag === null ? {} : { 'if-range': range.etag }),
      ...body?.headers,
    },
    keyHeaders: request.keyHeaders ?? {},
    body,
  };
}

async function sendBody(outgoing: ClientRequest, body: EncodedBody | null, clock: RequestClock): Promise<void> {
  for await (const piece of body?.pieces ?? []) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(piece)) await clock.within('idle', once(outgoing, 'drain', { signal: clock.signal }));
  }
  outgoing.end();
}

/** Opens the connection, sends, and waits for the first line of the answer. */
async function exchange(hop: Hop, around: Surroundings, clock: RequestClock): Promise<IncomingMessage> {
  const { url, destination, keyHeaders, body } = hop;
  const carriesKey = Object.keys(keyHeaders).length > 0;
  const { socket, askedProxy } = await openConnection({ url, destination, carriesKey, tunnel: false }, around, clock);
  const path = `${url.pathname}${url.search}`;
  const outgoing = openHttp({
    createConnection: () => socket,
    method: hop.method,
    path: askedProxy === null ? path : `${url.origin}${path}`,
    headers: { host: url.host, ...hop.headers, ...keyHeaders, ...(askedProxy === null ? {} : proxyHeaders(askedProxy)) },
    signal: clock.signal,
  });
  // What waits for the answer is told; what comes after that, the answer tells.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  // A host may answer before it has heard everything, to refuse it for one.
  await Promise.race([sendBody(outgoing, body, clock), answered]);
  const [message] = await clock.within('first-byte', answered);
  return message;
}

/** Where the bytes of an answer begin. Throws StudioError `address-unreachable` for a part nobody asked for. */
function startOf(message: IncomingMessage, asked: number, host: string): number {
  if (message.statusCode !== 206) return 0;
  const start = Number(/^bytes (\d+)-/.exec(message.headers['content-range'] ?? '')?.[1] ?? -1);
  if (start !== asked) throw unreachable(host, 'not-http', { from: asked });
  return start;
}

/**
 * The one function through which the studio asks another program or machine. Every connection is to an address that was checked,
 * through the proxy the environment names, and bounded in time and size; the answer comes back whatever its status is.
 *
 * @throws StudioError `address-refused` (with `details.movedTo` for a redirect that was not followed), `address-unreachable` with
 *   `details.reason`; the caller's reason when `signal` was aborted
 */
export async function openRequest(request: OutgoingRequest, around: Surroundings): Promise<Answer> {
  const { signal: caller, redirects = 'same-origin', maxBytes = defaultMaxBytes } = request;
  caller?.throwIfAborted();
  let hop = firstHop(request, request.body === undefined ? null : await encodeBody(request.body));
  const clock = new RequestClock(request.limits ?? {}, caller);
  try {
    for (let followed = 0; ; followed += 1) {
      const message = await exchange(hop, around, clock);
      const next = followRedirect(hop, message.statusCode ?? 0, message.headers.location, redirects, followed);
      if (next === null) {
        const from = startOf(message, request.range?.from ?? 0, hop.url.host);
        return new Answer(message, { url: hop.url, maxBytes, clock, caller, from });
      }
      message.socket.destroy();
      hop = next;
    }
  } catch (error) {
    // Ends the connection of a request that gets no answer, too.
    const told = explainFailure(hop.url.host, error, clock.signal, caller);
    clock.stop();
    throw told;
  }
}
