import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as openHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { StudioError } from '../../contract/errors.ts';
import { readAddress } from './check-destination.ts';
import { explainFailure, unreachable } from './explain-failure.ts';
import { openConnection } from './open-connection.ts';
import type { Surroundings } from './open-connection.ts';
import { FrameFault, FrameReader, writeFrame } from './socket-frames.ts';
import type { SocketEvent, SocketMessage } from './socket-frames.ts';
import { RequestClock } from './time-limits.ts';
import type { TimeLimits } from './time-limits.ts';

export interface OutgoingSocket {
  /** With http or https, as every other address. */
  readonly address: string | URL;
  /** Headers that hold a key: never over plain http to the open internet. */
  readonly keyHeaders?: Readonly<Record<string, string>>;
  /** Most bytes of one message. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Of the opening; how long a server may be silent afterwards is for whoever listens to know. */
  readonly limits?: Pick<TimeLimits, 'connectMs' | 'firstByteMs'>;
  readonly signal?: AbortSignal | undefined;
}

const defaultMaxBytes = 16 * 1_048_576;
/** Messages that wait for the reader before the server is slowed down. */
const mostWaiting = 64;
/** RFC 6455, section 1.3. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A connection on which a server speaks when it has something to say. Close it: until then it stays open. */
export class LiveSocket {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #caller: AbortSignal | undefined;
  readonly #messages: SocketMessage[] = [];
  readonly #frames: FrameReader;
  readonly #leave = (): void => this.#end(this.#caller?.reason as Error);
  /** Null while it is open; `error` null where the server ended it in order. */
  #ended: { readonly error: Error | null } | null = null;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, head: Uint8Array, url: URL, { maxBytes = defaultMaxBytes, signal }: OutgoingSocket) {
    this.#socket = socket;
    this.#host = url.host;
    this.#caller = signal;
    this.#frames = new FrameReader(maxBytes);
    socket.on('data', (piece: Buffer) => this.#take(piece));
    socket.on('close', () => this.#end(unreachable(this.#host, 'cut-off')));
    signal?.addEventListener('abort', this.#leave, { once: true });
    if (signal?.aborted === true) this.#leave();
    this.#take(head);
    socket.resume();
  }

  /**
   * The next message; null once the server has ended the connection.
   * @throws StudioError `address-unreachable` for one that broke off or sends what is no frame, `answer-too-large`; the caller's reason
   */
  async next(): Promise<SocketMessage | null> {
    while (this.#messages.length === 0 && this.#ended === null) await new Promise<void>((resolve) => (this.#wake = resolve));
    const message = this.#messages.shift();
    if (message !== undefined) {
      if (this.#messages.length < mostWaiting) this.#socket.resume();
      return message;
    }
    const error = this.#ended?.error ?? null;
    if (error !== null) throw error;
    return null;
  }

  send(text: string): void {
    if (this.#ended === null) this.#socket.write(writeFrame('text', Buffer.from(text)));
  }

  close(): void {
    if (this.#ended === null) this.#socket.write(writeFrame('close', Buffer.from([0x03, 0xe8])));
    this.#end(null);
  }

  #take(piece: Uint8Array): void {
    if (this.#ended !== null) return;
    try {
      for (const event of this.#frames.take(piece)) this.#handle(event);
    } catch (error) {
      this.#end(error instanceof FrameFault ? this.#explain(error) : (error as Error));
    }
    if (this.#messages.length >= mostWaiting) this.#socket.pause();
    this.#wake();
  }

  #handle(event: SocketEvent): void {
    if (event.type === 'ping') this.#socket.write(writeFrame('pong', event.bytes));
    else if (event.type === 'close') this.close();
    else this.#messages.push(event);
  }

  #explain({ reason }: FrameFault): StudioError {
    if (reason === 'malformed') return unreachable(this.#host, 'not-http');
    const hint = 'Ask for less at a time.';
    return new StudioError('answer-too-large', `${this.#host} sent a message that is too large.`, hint, { host: this.#host });
  }

  #end(error: Error | null): void {
    if (this.#ended !== null) return;
    this.#ended = { error };
    this.#caller?.removeEventListener('abort', this.#leave);
    this.#socket.end(() => this.#socket.destroy());
    this.#wake();
  }
}

/** What a server says when it takes the handshake: RFC 6455, section 4.2.2. */
const accepted = (key: string): string => createHash('sha1').update(`${key}${acceptSuffix}`).digest('base64');

async function shakeHands(socket: Socket, url: URL, order: OutgoingSocket, clock: RequestClock): Promise<Buffer> {
  const key = randomBytes(16).toString('base64');
  const asking = openHttp({
    createConnection: () => socket,
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'user-agent': 'De-Diffusion-Studio',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      ...order.keyHeaders,
    },
  });
  asking.on('error', () => undefined);
  const answered = Promise.race([
    once(asking, 'upgrade') as Promise<[IncomingMessage, Socket, Buffer]>,
    once(asking, 'response').then(([message]) => {
      throw unreachable(url.host, 'not-http', { status: (message as IncomingMessage).statusCode ?? 0 });
    }),
  ]);
  asking.end();
  const [message, , head] = await clock.within('first-byte', answered);
  if (message.headers['sec-websocket-accept'] !== accepted(key)) throw unreachable(url.host, 'not-http');
  return head;
}

/**
 * Opens a WebSocket (RFC 6455) to a place a person named, under the same checks as every request. No Origin is sent: local programs refuse
 * those of other pages. Redirects are not followed.
 *
 * @throws StudioError `address-refused`, `address-unreachable` with `details.reason`, and `details.status` where the server answered
 *   something else; the caller's reason when `signal` was aborted
 */
export async function openSocket(order: OutgoingSocket, around: Surroundings): Promise<LiveSocket> {
  const { signal: caller, limits = {}, keyHeaders = {} } = order;
  caller?.throwIfAborted();
  const url = readAddress(order.address, 'named-place');
  const clock = new RequestClock(limits, caller);
  let socket: Socket | null = null;
  try {
    const carriesKey = Object.keys(keyHeaders).length > 0;
    ({ socket } = await openConnection({ url, destination: 'named-place', carriesKey, tunnel: true }, around, clock));
    const head = await shakeHands(socket, url, order, clock);
    return new LiveSocket(socket, head, url, order);
  } catch (error) {
    const told = explainFailure(url.host, error, clock.signal, caller);
    clock.stop();
    socket?.destroy();
    throw told;
  }
}
