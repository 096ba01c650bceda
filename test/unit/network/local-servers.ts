import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttp2, createSecureServer as createSecureHttp2 } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createNet } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/certificate/${name}`, import.meta.url), 'utf8');
/** Signed by themselves: for localhost and 127.0.0.1, and for pictures.example. */
export const certificate = fixture('certificate.pem');
export const exampleCertificate = fixture('example-certificate.pem');

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A real server for the length of a test, which may take WebSockets too. @returns its origin */
export async function serveHttp(
  answer: RequestListener,
  upgrade?: (request: IncomingMessage, socket: Socket) => void,
): Promise<string> {
  const server = createHttp(answer);
  if (upgrade !== undefined) server.on('upgrade', upgrade);
  return `http://127.0.0.1:${await listen(server)}`;
}

export async function serveHttps(answer: RequestListener): Promise<string> {
  return `https://localhost:${await listen(createHttps({ cert: certificate, key: fixture('key.pem') }, answer))}`;
}

/** A server of a name that no network has: it is reached through a proxy alone. */
export async function servePicturesExample(answer: RequestListener): Promise<string> {
  const server = createHttps({ cert: exampleCertificate, key: fixture('example-key.pem') }, answer);
  return `https://pictures.example:${await listen(server)}`;
}

/** gRPC in TLS, for localhost; with `named`, for pictures.example, which is reached through a proxy alone. */
export async function serveGrpcSecure(answer: (stream: ServerHttp2Stream) => void, named = false): Promise<string> {
  const [cert, key, host] = named
    ? [exampleCertificate, fixture('example-key.pem'), 'pictures.example']
    : [certificate, fixture('key.pem'), 'localhost'];
  const server = createSecureHttp2({ cert, key });
  server.on('stream', answer);
  return `https://${host}:${await listen(server)}`;
}

/** gRPC without TLS, at a name that no network has. */
export async function serveGrpcExample(answer: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createHttp2();
  server.on('stream', answer);
  return `http://rack.example:${await listen(server)}`;
}

/** A server that does what it likes with each connection. */
export async function serveSocket(take: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listen(createNet(take))}`;
}

export interface ProxyBehaviour {
  /** `name:password` it wants. */
  readonly account?: string;
  /** Answers CONNECT with this instead of a connection. */
  readonly refuses?: number;
  /** Never answers. */
  readonly silent?: boolean;
  /** Spoken over TLS. */
  readonly secure?: boolean;
}

export interface TestProxy {
  /** Without the account. */
  readonly address: string;
  /** Every line it was asked, as `CONNECT host:port` or `GET http://…`. */
  readonly asked: string[];
}

/** A real proxy: CONNECT for https, whole addresses for http. Every name is this machine to it. */
export async function serveProxy({ account, refuses, silent = false, secure = false }: ProxyBehaviour = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const known = account === undefined ? undefined : `Basic ${Buffer.from(account).toString('base64')}`;
  const answer: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.headers['proxy-authorization'] !== known) response.writeHead(407).end();
    else response.end('by the proxy');
  };
  const server = secure ? createHttps({ cert: certificate, key: fixture('key.pem') }, answer) : createHttp(answer);
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    client.on('error', () => undefined);
    if (silent) return;
    const status = request.headers['proxy-authorization'] === known ? refuses : 407;
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Here\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  const port = await listen(server);
  return { address: secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, asked };
}
