import type { Network, PlaceRequest } from './network.ts';

/** What goes along with every request of one library. */
export type FetchTerms = Pick<PlaceRequest, 'purpose' | 'sends' | 'key' | 'limits' | 'maxBytes'>;

/** Libraries put a key there themselves. Here the key comes from `Network`, which they never see. */
const keyHeaders = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'api-key']);
const methods = { GET: 'GET', POST: 'POST' } as const;

function toBody(body: unknown, headers: Headers): PlaceRequest['body'] {
  if (typeof body !== 'string') return undefined;
  return { type: 'bytes', bytes: new TextEncoder().encode(body), mediaType: headers.get('content-type') ?? 'application/json' };
}

/**
 * A `fetch` for libraries that take one: every request goes through the way out, under its consent, limits and report. Bodies are texts.
 *
 * @returns rejects with StudioError as `Network.ask` does, and with the signal's reason
 */
export function networkFetch(
  network: Network,
  terms: FetchTerms,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const body = toBody(init.body, headers);
    const kept = [...headers].filter(([name]) => !keyHeaders.has(name) && name !== 'content-type' && name !== 'user-agent');
    const answer = await network.ask({
      ...terms,
      address: input instanceof Request ? input.url : input,
      method: init.method === 'POST' ? methods.POST : methods.GET,
      headers: Object.fromEntries(kept),
      ...(body === undefined ? {} : { body }),
      signal: init.signal ?? undefined,
    });
    const pieces = answer.pieces();
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const next = await pieces.next();
          if (next.done === true) controller.close();
          else controller.enqueue(next.value);
        } catch (error) {
          controller.error(error);
        }
      },
      async cancel() {
        answer.close();
        await pieces.return();
      },
    });
    const told = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    );
    // A status without a body takes none.
    const isEmpty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    return new Response(isEmpty ? null : stream, { status: answer.status, headers: told });
  };
}
