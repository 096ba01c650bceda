import type { Studio } from '../../studio.ts';
import type { Exchange } from './exchange.ts';

type Keys = Pick<Studio['accessKeys'], 'allowsOrigin'>;

/** How long a browser may remember that a page may ask, in seconds; a key that is revoked stops its requests at once all the same. */
const REMEMBERED_SECONDS = 600;

/** Lets a page read the answer where some access key names its origin. Whether the request is answered is another question. */
export function admitForeignPage({ request, response }: Exchange, keys: Keys): void {
  const { origin } = request.headers;
  if (origin === undefined || !keys.allowsOrigin(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
}

/**
 * Answers what a browser asks before a page of another origin may send its request: it carries no key, so that any key that names the
 * origin opens. False where nothing was asked or the origin is no key's.
 */
export function answerPreflight({ request, response }: Exchange, keys: Keys): boolean {
  const { origin, 'access-control-request-method': method } = request.headers;
  if (request.method !== 'OPTIONS' || origin === undefined || method === undefined || !keys.allowsOrigin(origin)) return false;
  response.setHeader('access-control-allow-methods', 'GET, HEAD, POST');
  response.setHeader('access-control-allow-headers', 'authorization, content-type, x-title, x-parent');
  response.setHeader('access-control-max-age', String(REMEMBERED_SECONDS));
  // Asked for by browsers where a page of the internet reaches for this machine.
  if (request.headers['access-control-request-private-network'] === 'true') {
    response.setHeader('access-control-allow-private-network', 'true');
  }
  response.writeHead(204).end();
  return true;
}
