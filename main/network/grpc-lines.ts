import { connect as openHttp2, constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { NetworkPurpose } from '../../contract/outside/network.ts';
import { StudioError } from '../../contract/errors.ts';
import { readAddress } from './check-destination.ts';
import { explainFailure, unreachable } from './explain-failure.ts';
import { openConnection } from './open-connection.ts';
import type { Surroundings } from './open-connection.ts';
import { RequestClock } from './time-limits.ts';
import type { TimeLimits } from './time-limits.ts';

export interface OutgoingCall {
  /** Where, with the path of the method: `http://10.0.0.31:8001/inference.GRPCInferenceService/ModelInfer`. */
  readonly address: string | URL;
  /** As protobuf. */
  readonly message: Uint8Array;
  /** Headers that hold a key: never over plain http to the open internet. */
  readonly keyHeaders?: Readonly<Record<string, string>>;
  /** Most bytes of the answer. Default 16 MiB. */
  readonly maxBytes?: number;
  /** `firstByteMs` is for the whole answer: a call has one piece each way. */
  readonly limits?: Pick<TimeLimits, 'connectMs' | 'firstByteMs'>;
  readonly signal?: AbortSignal | undefined;
}

export interface CallAnswer {
  /** Of gRPC: 0 is well (grpc/grpc: doc/statuscodes.md). */
  readonly status: number;
  /** What the server says about any other. */
  readonly said: string;
  /** As protobuf; null where none came. */
  readonly message: Uint8Array | null;
}

const mebibyte = 1_048_576;
const defaultMaxBytes = 16 * mebibyte;
/** A line that nobody spoke on for so long is closed. */
const idleMs = 60_000;
/** Of a message: whether it is compressed, and its length (grpc/grpc: doc/PROTOCOL-HTTP2.md). */
const prefixBytes = 5;
const noMessage = new Uint8Array();

/** Connections for gRPC calls, kept open between them: one for each place, under the same checks as every request. */
export class GrpcLines {
  readonly #lines = new Map<string, Promise<ClientHttp2Session>>();

  /**
   * Makes a call with one message each way.
   * @throws StudioError `address-refused`, `address-unreachable`, `answer-too-large`; the caller's reason when `signal` was aborted
   */
  async call(order: OutgoingCall, purpose: NetworkPurpose, around: Surroundings): Promise<CallAnswer> {
    const { limits = {}, signal: caller } = order;
    caller?.throwIfAborted();
    const url = readAddress(order.address, 'named-place');
    const clock = new RequestClock(limits, caller);
    try {
      const line = await clock.within('connect', this.#find(url, order, purpose, around));
      return await clock.within('first-byte', exchange(line, url, order, clock.signal));
    } catch (error) {
      throw explainFailure(url.host, error, clock.signal, caller);
    } finally {
      clock.stop();
    }
  }

  #find(url: URL, { keyHeaders = {}, limits }: OutgoingCall, purpose: NetworkPurpose, around: Surroundings) {
    const carriesKey = Object.keys(keyHeaders).length > 0;
    const name = `${purpose} ${url.origin} ${carriesKey}`;
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    // One opening for all who wait, so none of them may end it.
    const forget = (): boolean => this.#lines.get(name) === opening && this.#lines.delete(name);
    const opening = openLine(url, carriesKey, around, new RequestClock(limits ?? {}, undefined), forget);
    this.#lines.set(name, opening);
    opening.catch(forget);
    return opening;
  }
}

async function openLine(
  url: URL,
  carriesKey: boolean,
  around: Surroundings,
  clock: RequestClock,
  forget: () => void,
): Promise<ClientHttp2Session> {
  const order = { url, destination: 'named-place', carriesKey, tunnel: true, protocols: ['h2'] } as const;
  const { socket } = await openConnection(order, around, clock);
  const line = openHttp2(url.origin, {
    createConnection: () => socket,
    // Tensors are large: with the usual windows of 64 KiB each piece would wait for a word from the other side.
    settings: { enablePush: false, initialWindowSize: 16 * mebibyte },
    maxSessionMemory: 1024,
  });
  line.on('connect', () => line.setLocalWindowSize(64 * mebibyte));
  // Whoever waits for an answer is told by its own stream.
  line.on('error', forget);
  line.on('goaway', forget);
  line.on('close', forget);
  line.setTimeout(idleMs, () => {
    forget();
    line.close();
  });
  // A line that nobody speaks on keeps no process alive.
  line.unref();
  return line;
}

async function exchange(line: ClientHttp2Session, url: URL, order: OutgoingCall, signal: AbortSignal): Promise<CallAnswer> {
  const head = {
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: url.pathname,
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'De-Diffusion-Studio',
    ...order.keyHeaders,
  };
  const stream = line.request(head);
  const leave = (): void => stream.close(constants.NGHTTP2_CANCEL);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await converse(stream, url.host, order);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function converse(
  stream: ClientHttp2Stream,
  host: string,
  { message, maxBytes = defaultMaxBytes }: OutgoingCall,
): Promise<CallAnswer> {
  let told: IncomingHttpHeaders = {};
  // Where there is no message, the first headers are the last as well.
  stream.on('response', (headers) => (told = { ...told, ...headers }));
  stream.on('trailers', (headers: IncomingHttpHeaders) => (told = { ...told, ...headers }));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.byteLength, 1);
  stream.end(Buffer.concat([prefix, message]));
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size <= maxBytes) continue;
    throw new StudioError('answer-too-large', `${host} sent a message that is too large.`, 'Ask for less at a time.', { host });
  }
  const httpStatus = Number(told[constants.HTTP2_HEADER_STATUS] ?? 0);
  const status = told['grpc-status'];
  if (status === undefined) throw unreachable(host, httpStatus === 200 ? 'cut-off' : 'not-http', { status: httpStatus });
  return {
    status: Number(status),
    said: unescapeWords(String(told['grpc-message'] ?? '')),
    message: unframe(Buffer.concat(pieces)),
  };
}

/** Null for what is no whole message; compressed ones were not asked for. */
function unframe(bytes: Buffer): Uint8Array | null {
  if (bytes.byteLength < prefixBytes || bytes[0] !== 0) return null;
  const message = bytes.subarray(prefixBytes);
  if (message.byteLength !== bytes.readUInt32BE(1)) return null;
  return message.byteLength === 0 ? noMessage : message;
}

/** Words are written with percent signs; what is written wrongly is shown as it came. */
function unescapeWords(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
