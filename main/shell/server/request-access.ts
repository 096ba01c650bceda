import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { StudioError } from '../../../contract/errors.ts';
import type { PublicOrigin } from './list-addresses.ts';

/** Who may talk to this server. */
export interface RequestAccess {
  /** The session's secret, URL-safe. */
  readonly token: string;
  readonly cookieName: string;
  /** Host headers the server answers to, lower case, with the port. A name that is not here may be a rebound one. */
  readonly hosts: ReadonlySet<string>;
  /** What stands in front of it. */
  readonly origins: readonly PublicOrigin[];
}

/** What a route asks of its caller. */
export interface AccessNeed {
  readonly token: boolean;
  /** The request changes something, so a browser must prove that the studio's own page sent it. */
  readonly changes: boolean;
}

/** 32 random bytes as URL-safe text: a new secret for every start. */
export function createSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests, so that neither the time nor the length tells anything about the secret. */
export function matchesToken(candidate: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(candidate), digest(token));
}

function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}

const refuse = (message: string, hint: string) => new StudioError('unauthorised', message, hint);

const OPEN_THE_LINK = 'Open the link that the studio printed when it started; it carries the key of this session.';

function checkToken(request: IncomingMessage, access: RequestAccess): StudioError | null {
  const bearer = bearerOf(request);
  const offered = bearer ?? cookieOf(request, access.cookieName);
  if (offered === null) return refuse('This request carries no session key.', OPEN_THE_LINK);
  if (!matchesToken(offered, access.token)) return refuse('The session key is not that of this studio.', OPEN_THE_LINK);
  return null;
}

/** The address in front of the studio that a request came through; null where it came to the studio itself, or its Host was changed on the way. */
export function findPublicOrigin(request: IncomingMessage, access: RequestAccess): PublicOrigin | null {
  const host = (request.headers.host ?? '').toLowerCase();
  return access.origins.find((one) => one.host === host) ?? null;
}

/** Its own pages: over http at a name it listens to itself, and at the addresses that were given, each with its own scheme. */
function isOwnOrigin(origin: string, request: IncomingMessage, access: RequestAccess): boolean {
  if (access.origins.some((one) => one.origin === origin)) return true;
  const host = request.headers.host ?? '';
  return access.hosts.has(host.toLowerCase()) && origin === `http://${host}`;
}

function checkOrigin(request: IncomingMessage, need: AccessNeed, access: RequestAccess): StudioError | null {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && !isOwnOrigin(origin, request, access)) {
    return refuse(
      'Another web page tried to use the studio.',
      'Use the studio from its own page, or call it without an Origin header.',
    );
  }
  // Other ports of the same machine count as the same site, so cookies alone would let them in.
  if (need.token && (site === 'cross-site' || site === 'same-site')) {
    return refuse('Another web page tried to use the studio.', 'Use the studio from its own page.');
  }
  if (need.changes && origin === undefined && bearerOf(request) === null) {
    return refuse(
      'A request that changes something must say where it comes from.',
      'Browsers send an Origin header by themselves; scripts send the key as "Authorization: Bearer …".',
    );
  }
  return null;
}

/** A refused request: the status to answer with and the error to show; null when it may go on. */
export function checkRequest(
  request: IncomingMessage,
  need: AccessNeed,
  access: RequestAccess,
): { readonly status: 401 | 403; readonly error: StudioError } | null {
  const host = (request.headers.host ?? '').toLowerCase();
  if (!access.hosts.has(host) && findPublicOrigin(request, access) === null) {
    const use = access.origins[0]?.origin ?? [...access.hosts][0] ?? 'the printed address';
    const error = refuse(
      'The studio does not answer to this host name.',
      `Use ${use}, or start it with --origin and the address people open, such as --origin https://studio.example.`,
    );
    return { status: 403, error };
  }
  const originError = checkOrigin(request, need, access);
  if (originError !== null) return { status: 403, error: originError };
  const tokenError = need.token ? checkToken(request, access) : null;
  return tokenError === null ? null : { status: 401, error: tokenError };
}
