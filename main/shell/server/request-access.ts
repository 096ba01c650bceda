import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { requireScope } from '../../../contract/access-key.ts';
import type { AccessKey, Scope } from '../../../contract/access-key.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { Studio } from '../../studio.ts';
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
  /** Null: nothing, and no key. */
  readonly scope: Scope | null;
  /** The request changes something, so a browser must prove that the studio's own page sent it. */
  readonly changes: boolean;
}

/** A request that may go on, or the status and the error to refuse it with. */
export type AccessDecision =
  | { readonly type: 'allowed'; readonly scope: Scope; readonly key: AccessKey | null }
  | { readonly type: 'refused'; readonly status: 401 | 403; readonly error: StudioError };

/** 32 random bytes as URL-safe text: a new secret for every start. */
export function createSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests, so that neither the time nor the length tells anything about the secret. */
export function matchesToken(candidate: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(candidate), digest(token));
}

/** A key that a program shows, as a bearer's or, as the web UI's clients do, as the password of any name. */
function shownOf(request: IncomingMessage): string | null {
  const authorization = request.headers.authorization ?? '';
  const bearer = /^Bearer ([\w-]+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^Basic ([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return null;
  return /:([\w-]+)$/.exec(Buffer.from(basic, 'base64').toString())?.[1] ?? null;
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}

const refuse = (message: string, hint: string) => new StudioError('unauthorised', message, hint);

const OPEN_THE_LINK =
  'Open the link that the studio printed when it started; it carries the key of this session. Programs show an access key of Settings → Access keys.';

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

function checkOrigin(
  request: IncomingMessage,
  need: AccessNeed,
  access: RequestAccess,
  key: AccessKey | null,
): StudioError | null {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  // A page somewhere else that was given a key for just that place.
  if (origin !== undefined && key?.origins.includes(origin) === true) return null;
  if (origin !== undefined && !isOwnOrigin(origin, request, access)) {
    return refuse(
      'Another web page tried to use the studio.',
      'Use the studio from its own page, call it without an Origin header, or name the page’s origin in its access key.',
    );
  }
  // Other ports of the same machine count as the same site, so cookies alone would let them in.
  if (need.scope !== null && (site === 'cross-site' || site === 'same-site')) {
    return refuse('Another web page tried to use the studio.', 'Use the studio from its own page.');
  }
  if (need.changes && origin === undefined && shownOf(request) === null) {
    return refuse(
      'A request that changes something must say where it comes from.',
      'Browsers send an Origin header by themselves; scripts send the key as "Authorization: Bearer …".',
    );
  }
  return null;
}

function checkScope(request: IncomingMessage, needed: Scope, access: RequestAccess, key: AccessKey | null): AccessDecision {
  const shown = shownOf(request) ?? cookieOf(request, access.cookieName);
  const refused = (error: StudioError): AccessDecision => ({ type: 'refused', status: 401, error });
  if (shown === null) return refused(refuse('This request carries no key.', OPEN_THE_LINK));
  if (matchesToken(shown, access.token)) return { type: 'allowed', scope: 'person', key: null };
  if (key === null) return refused(refuse('The key is not that of this session, nor an access key that holds.', OPEN_THE_LINK));
  try {
    requireScope(key.scope, needed);
  } catch (error) {
    if (error instanceof StudioError) return { type: 'refused', status: 403, error };
    throw error;
  }
  return { type: 'allowed', scope: key.scope, key };
}

/** Whether a request may go on, and what its caller may do. */
export function checkRequest(
  request: IncomingMessage,
  need: AccessNeed,
  access: RequestAccess,
  keys: Pick<Studio['accessKeys'], 'find'>,
): AccessDecision {
  const host = (request.headers.host ?? '').toLowerCase();
  if (!access.hosts.has(host) && findPublicOrigin(request, access) === null) {
    const use = access.origins[0]?.origin ?? [...access.hosts][0] ?? 'the printed address';
    const error = refuse(
      'The studio does not answer to this host name.',
      `Use ${use}, or start it with --origin and the address people open, such as --origin https://studio.example.`,
    );
    return { type: 'refused', status: 403, error };
  }
  const shown = shownOf(request);
  const key = shown === null ? null : keys.find(shown);
  const originError = checkOrigin(request, need, access, key);
  if (originError !== null) return { type: 'refused', status: 403, error: originError };
  // What asks for nothing gives nothing that a scope could widen.
  if (need.scope === null) return { type: 'allowed', scope: 'read', key: null };
  return checkScope(request, need.scope, access, key);
}
