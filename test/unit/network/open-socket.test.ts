import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openSocket } from '../../../main/network/open-socket.ts';
import type { LiveSocket, OutgoingSocket } from '../../../main/network/open-socket.ts';
import { acceptSocket, serverFrame } from '../../helpers/server-socket.ts';
import type { ServerSocket } from '../../helpers/server-socket.ts';
import { serveHttp, serveProxy, serveSocket } from './local-servers.ts';

/** A server that does what it likes with every socket it takes. */
async function open(
  take: (server: ServerSocket) => void,
  order: Partial<OutgoingSocket> = {},
  environment = {},
): Promise<{ readonly socket: LiveSocket; readonly headers: IncomingMessage['headers'] }> {
  let headers: IncomingMessage['headers'] = {};
  const origin = await serveHttp(
    (_request, response) => response.writeHead(404).end(),
    (request, socket) => {
      ({ headers } = request);
      take(acceptSocket(request, socket));
    },
  );
  const socket = await openSocket({ address: `${origin}/ws?clientId=me`, ...order }, { environment });
  return { socket, headers };
}

async function hearAll(socket: LiveSocket): Promise<(string | number)[]> {
  const heard: (string | number)[] = [];
  for (let next = await socket.next(); next !== null; next = await socket.next()) {
    heard.push(next.type === 'text' ? next.text : next.bytes.byteLength);
  }
  return heard;
}

describe('a socket', () => {
  it('hears texts and bytes of every size, whole or in parts, and names no origin', async () => {
    const { socket, headers } = await open((server) => {
      server.sendText('ä');
      server.sendBinary(Buffer.alloc(200));
      server.sendBinary(Buffer.alloc(70_000));
      server.sendRaw(serverFrame(1, Buffer.from('one '), false));
      server.ping();
      server.sendRaw(serverFrame(0, Buffer.from('message'), true));
      server.close();
    });
    expect(await hearAll(socket)).toEqual(['ä', 200, 70_000, 'one message']);
    expect(headers.origin).toBeUndefined();
  });

  it('hears what comes in any pieces, the first of them with the handshake', async () => {
    const bytes = Buffer.concat([
      serverFrame(1, Buffer.from('a'.repeat(300))),
      serverFrame(2, Buffer.alloc(5)),
      serverFrame(8, Buffer.alloc(0)),
    ]);
    const { socket } = await open((server) => {
      for (const byte of bytes) server.sendRaw(Buffer.from([byte]));
    });
    expect(await hearAll(socket)).toEqual(['a'.repeat(300), 5]);
  });

  it('says what it is told to, masked as servers want it', async () => {
    let answer: (text: string) => void = () => undefined;
    const said = new Promise<string>((resolve) => (answer = resolve));
    const { socket } = await open((server) => server.onText((text) => answer(text)));
    socket.send(`{"type":"${'x'.repeat(300)}"}`);
    expect(await said).toBe(`{"type":"${'x'.repeat(300)}"}`);
    socket.close();
    expect(await socket.next()).toBeNull();
  });

  it.each([
    ['breaks off', (server: ServerSocket) => server.drop(), 'cut-off'],
    ['breaks off in the middle of a frame', (server: ServerSocket) => server.end(Buffer.from([0x82, 126, 1])), 'cut-off'],
    ['sends what is no frame', (server: ServerSocket) => server.sendRaw(Buffer.from('HTTP/1.1 200 OK\r\n')), 'not-http'],
    ['masks', (server: ServerSocket) => server.sendRaw(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65])), 'not-http'],
    ['sends letters that are none', (server: ServerSocket) => server.sendRaw(serverFrame(1, Buffer.from([0xff]))), 'not-http'],
    ['goes on with nothing', (server: ServerSocket) => server.sendRaw(serverFrame(0, Buffer.from('a'))), 'not-http'],
  ])('that %s is told as such', async (_name, take, reason) => {
    const { socket } = await open(take);
    await expect(hearAll(socket)).rejects.toMatchObject({ code: 'address-unreachable', details: { reason } });
  });

  it('takes no message larger than agreed, said to be or in parts', async () => {
    const whole = await open((server) => server.sendBinary(Buffer.alloc(2_000)), { maxBytes: 1_000 });
    await expect(whole.socket.next()).rejects.toMatchObject({ code: 'answer-too-large' });
    const parts = await open(
      (server) => {
        server.sendRaw(serverFrame(2, Buffer.alloc(600), false));
        server.sendRaw(serverFrame(0, Buffer.alloc(600), true));
      },
      { maxBytes: 1_000 },
    );
    await expect(parts.socket.next()).rejects.toMatchObject({ code: 'answer-too-large' });
  });

  it('ends with the caller’s reason', async () => {
    const stop = new AbortController();
    const { socket } = await open(() => undefined, { signal: stop.signal });
    const heard = socket.next();
    stop.abort(new Error('enough'));
    await expect(heard).rejects.toThrow('enough');
  });
});

describe('the handshake', () => {
  const failure = (address: string, more: Partial<OutgoingSocket> = {}) =>
    openSocket({ address, ...more }, { environment: {} }).then(
      () => null,
      (error: unknown) => error,
    );

  it('of a server that takes none is told with its status', async () => {
    const origin = await serveHttp((_request, response) => response.writeHead(403).end());
    expect(await failure(origin)).toMatchObject({ code: 'address-unreachable', details: { reason: 'not-http', status: 403 } });
  });

  it('is taken by who knows the answer alone', async () => {
    const origin = await serveHttp(
      () => undefined,
      (_request, socket: Socket) =>
        void socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n',
        ),
    );
    expect(await failure(origin)).toMatchObject({ details: { reason: 'not-http' } });
  });

  it('waits no longer than it may', async () => {
    const origin = await serveSocket(() => undefined);
    expect(await failure(origin, { limits: { firstByteMs: 30 } })).toMatchObject({ details: { reason: 'time' } });
  });

  it('goes through a proxy’s tunnel, for http too, and sends no key in the open', async () => {
    const proxy = await serveProxy({ refuses: 418 });
    const through = openSocket({ address: 'http://tool.example/ws' }, { environment: { HTTP_PROXY: proxy.address } });
    await expect(through).rejects.toMatchObject({ details: { reason: 'proxy', status: 418 } });
    expect(proxy.asked).toEqual(['CONNECT tool.example:80']);
    const keyHeaders = { authorization: 'Bearer hush' };
    const open = openSocket({ address: 'http://203.0.113.7/ws', keyHeaders }, { environment: {}, isPublic: () => true });
    await expect(open).rejects.toMatchObject({ code: 'address-refused' });
  });
});
