import type { Socket } from 'node:net';
import { checkNameForProxy, checkNumericHost, lookupChecked } from './check-destination.ts';
import type { Destination } from './check-destination.ts';
import { chooseProxy } from './choose-proxy.ts';
import type { Environment } from './choose-proxy.ts';
import { connect } from './connect.ts';
import type { RequestClock } from './time-limits.ts';

/** What a request is made under, the same for all of a studio. */
export interface Surroundings {
  /** Where proxies are named. */
  readonly environment: Environment;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
  /** IP addresses that count as the open internet. Default: `isPublicAddress`. */
  readonly isPublic?: ((address: string) => boolean) | undefined;
  /** Called for every connection that is opened, redirects included. */
  readonly onConnection?: (origin: string, socket: Socket) => void;
}

export interface ConnectionOrder {
  readonly url: URL;
  readonly destination: Destination;
  readonly carriesKey: boolean;
  /** Through a proxy's tunnel where there is one, also for plain http: what is no request and answer passes no other way. */
  readonly tunnel: boolean;
  /** What is spoken on it, by ALPN's names; absent: HTTP/1.1. */
  readonly protocols?: readonly string[];
}

/**
 * Opens the connection of one request: to an address that was checked, through the proxy the environment names.
 * @returns the connection, and the proxy that is to be asked for the whole address
 */
export async function openConnection(
  { url, destination, carriesKey, tunnel, protocols }: ConnectionOrder,
  around: Surroundings,
  clock: RequestClock,
): Promise<{ readonly socket: Socket; readonly askedProxy: URL | null }> {
  const rules = { destination, isPublic: around.isPublic, carriesKey };
  checkNumericHost(url, rules);
  const proxy = chooseProxy(url, around.environment);
  if (proxy !== null) await clock.within('connect', checkNameForProxy(url, rules));
  const route = { url, proxy, tunnel, protocols, lookup: lookupChecked(url, rules), ca: around.ca, signal: clock.signal };
  const socket = await clock.within('connect', connect(route));
  around.onConnection?.(url.origin, socket);
  return { socket, askedProxy: url.protocol === 'http:' && !tunnel ? proxy : null };
}
