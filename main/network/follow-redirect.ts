import type { EncodedBody } from './encode-body.ts';
import { readAddress, refuseAddress } from './check-destination.ts';
import type { Destination } from './check-destination.ts';
import { unreachable } from './explain-failure.ts';

/** `same-origin`: within the scheme, host and port that were asked. `anywhere`: to the open internet too, without anything secret. */
export type RedirectPolicy = 'none' | 'same-origin' | 'anywhere';

/** One request on the way to an answer. */
export interface Hop {
  readonly url: URL;
  readonly destination: Destination;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Known to the first origin alone. */
  readonly keyHeaders: Readonly<Record<string, string>>;
  readonly body: EncodedBody | null;
}

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** What another origin may be told. */
const harmless = new Set(['accept', 'user-agent', 'range', 'if-range']);

function withoutBody(hop: Hop): Hop {
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !name.startsWith('content-')));
  return { ...hop, method: hop.method === 'HEAD' ? 'HEAD' : 'GET', headers, body: null };
}

/**
 * Where an answer sends the studio on to; null when it is the answer.
 * @throws StudioError `address-refused` with `details.movedTo`, where another address has to be agreed to first; `address-unreachable`
 */
export function followRedirect(
  hop: Hop,
  status: number,
  location: string | undefined,
  policy: RedirectPolicy,
  followed: number,
): Hop | null {
  if (policy === 'none' || location === undefined || !redirects.has(status)) return null;
  const { url } = hop;
  if (followed >= mostRedirects || !URL.canParse(location, url.href)) throw unreachable(url.host, 'redirects');
  const target = readAddress(new URL(location, url.href), hop.destination);
  const keepsBody = status === 307 || status === 308 || hop.method === 'GET' || hop.method === 'HEAD';
  const next = keepsBody ? hop : withoutBody(hop);
  const isSame = target.origin === url.origin;
  if ((isSame && next.body?.repeatable !== false) || (!isSame && policy === 'anywhere' && next.body === null)) {
    if (isSame) return { ...next, url: target };
    const headers = Object.fromEntries(Object.entries(next.headers).filter(([name]) => harmless.has(name)));
    // A server named this address, nobody typed it.
    return { ...next, url: readAddress(target, 'open-internet'), destination: 'open-internet', headers, keyHeaders: {} };
  }
  const details = { host: url.host, movedTo: target.href };
  throw refuseAddress(
    `${url.host} sends the studio on to ${target.host}.`,
    `Ask ${target.host} itself if you trust it too.`,
    details,
  );
}
