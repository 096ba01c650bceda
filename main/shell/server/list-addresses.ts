import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { StudioError } from '../../../contract/errors.ts';

/** An address that something in front of the studio, such as a web server with https, is reached at. */
export interface PublicOrigin {
  /** As browsers write it in the Origin header. */
  readonly origin: string;
  /** As browsers write it in the Host header, lower case. */
  readonly host: string;
  /** '' or a path without a slash at its end, such as `/studio`. */
  readonly base: string;
}

const OWN_PATHS = /^\/(?:rpc|api|v1|sdapi|images|saved|shown|thumbnails|previews|packs|readings|assets)(?:\/|$)/;

/**
 * Reads an address given with --origin, such as https://studio.example/pictures.
 * @throws StudioError bad-request
 */
export function readPublicOrigin(text: string): PublicOrigin {
  const url = URL.parse(text);
  const hint = 'Give the address that people open, such as https://studio.example or https://example.org/studio.';
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new StudioError('bad-request', `“${text}” is no address of a page.`, hint);
  }
  const base = url.pathname.replace(/\/+$/, '');
  if (OWN_PATHS.test(base)) {
    throw new StudioError('bad-request', `${base} is a path of the studio’s own.`, 'Put it under another path, such as /studio.');
  }
  return { origin: url.origin, host: url.host, base };
}

const bracket = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name);
export const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

const addHost = (name: string, port: number): string => `${bracket(name)}:${port}`;

/** Other machines' ways to this one, IPv4 first; addresses that hold for one cable only are left out. */
function listOwnAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address));
  return outer.toSorted((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address);
}

/** The machine's own name, as it is and as home networks spell it. A web page cannot give itself that name. */
function listOwnNames(): string[] {
  const name = hostname().toLowerCase();
  if (name === '' || name === 'localhost') return [];
  return name.includes('.') ? [name] : [name, `${name}.local`];
}

/**
 * The Host headers to answer. For an address of all interfaces these are the machine's own addresses and name: a web page can
 * point a name of its own at this machine, but not an address. What stands in front of the studio is answered by its name.
 */
export function listHosts(host: string, port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '::1'];
  if (isEveryAddress(host)) names.push(...listOwnAddresses(), ...listOwnNames());
  else names.unshift(host.toLowerCase());
  return new Set(names.flatMap((name) => (port === 80 ? [bracket(name), addHost(name, port)] : [addHost(name, port)])));
}

/** Where the studio can be opened, best first: what is in front of it, this machine, and then its ways from other machines. */
export function listOpenings(host: string, port: number, origins: readonly PublicOrigin[]): readonly string[] {
  const shown = isEveryAddress(host) ? ['127.0.0.1', ...listOwnAddresses()] : [host];
  const own = shown.map((name) => `http://${addHost(name, port)}`);
  return [...origins.map(({ origin, base }) => `${origin}${base}`), ...own];
}
