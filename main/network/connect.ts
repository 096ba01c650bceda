import { once } from 'node:events';
import { request as openHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect as connectPlain } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { bareHost } from './check-destination.ts';

/** How a connection is opened. */
export interface Route {
  readonly url: URL;
  readonly proxy: URL | null;
  /** Looks the host's own name up; not used for a proxy's. */
  readonly lookup: LookupFunction;
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
  /** Through a proxy's tunnel, also for http. */
  readonly tunnel: boolean;
  /** What is spoken on it, by ALPN's names. */
  readonly protocols?: readonly string[] | undefined;
}

/** What went wrong between this machine and its proxy, as against the host behind it. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly proxy: string;
  /** What the proxy answered instead of a connection; null when it answered nothing. */
  readonly status: number | null;

  constructor(proxy: URL, status: number | null, cause?: unknown) {
    super('The proxy gave no connection.', { cause });
    this.proxy = proxy.host;
    this.status = status;
  }
}

const portOf = (url: URL): number => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port));

async function whenReady<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  // An error after the wait is over is told by whatever uses the socket then.
  socket.on('error', () => undefined);
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function openPlain(url: URL, signal: AbortSignal, lookup?: LookupFunction): Promise<Socket> {
  const socket = connectPlain({ host: bareHost(url), port: portOf(url), ...(lookup === undefined ? {} : { lookup }) });
  return whenReady(socket, 'connect', signal);
}

function openSecure(
  url: URL,
  socket: Socket,
  { ca, signal, protocols }: Pick<Route, 'ca' | 'signal' | 'protocols'>,
): Promise<TLSSocket> {
  const host = bareHost(url);
  // Names of servers in TLS are names, never numbers.
  const secure = connectSecure({
    socket,
    host,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(ca === undefined ? {} : { ca }),
    ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
  });
  socket.once('close', () => secure.destroy());
  return whenReady(secure, 'secureConnect', signal);
}

/** What a proxy wants to know of whoever asks it; it is said to nobody else. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '' && proxy.password === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function openProxy({ ca, signal }: Route, proxy: URL): Promise<Socket> {
  try {
    const plain = await openPlain(proxy, signal);
    return proxy.protocol === 'https:' ? await openSecure(proxy, plain, { ca, signal }) : plain;
  } catch (error) {
    throw new ProxyFailure(proxy, null, error);
  }
}

async function openTunnel(route: Route, proxy: URL): Promise<Socket> {
  const { url, signal } = route;
  const socket = await openProxy(route, proxy);
  const authority = `${url.hostname}:${portOf(url)}`;
  const asking = openHttp({
    createConnection: () => socket,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
  });
  asking.on('error', () => undefined);
  asking.end();
  try {
    const [answer, , head] = (await once(asking, 'connect', { signal })) as [IncomingMessage, Socket, Buffer];
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) throw new ProxyFailure(proxy, status);
    // A server that speaks first, as HTTP/2 without TLS does, may have been heard with the proxy's own answer.
    if (head.byteLength > 0) socket.unshift(head);
    return socket;
  } catch (error) {
    asking.destroy();
    socket.destroy();
    throw error instanceof ProxyFailure ? error : new ProxyFailure(proxy, null, error);
  }
}

/**
 * Opens the one connection a request is made over: straight, through a proxy's tunnel for https, or to the proxy itself for http.
 *
 * @throws the system's error, `ProxyFailure`, what `lookup` refuses, or an AbortError
 */
export async function connect(route: Route): Promise<Socket> {
  const { url, proxy, lookup, signal, tunnel } = route;
  if (proxy !== null && url.protocol === 'http:' && !tunnel) return openProxy(route, proxy);
  const socket = proxy === null ? await openPlain(url, signal, lookup) : await openTunnel(route, proxy);
  return url.protocol === 'https:' ? openSecure(url, socket, route) : socket;
}
