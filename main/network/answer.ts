import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { StudioError } from '../../contract/errors.ts';
import { explainFailure } from './explain-failure.ts';
import type { RequestClock } from './time-limits.ts';

export interface AnswerOptions {
  /** Who answered, after any redirects. */
  readonly url: URL;
  readonly maxBytes: number;
  readonly clock: RequestClock;
  readonly caller: AbortSignal | undefined;
  /** Where the bytes begin in the whole file: what was asked for if the host goes on from there, else 0. */
  readonly from: number;
}

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_048_576))} MB`;

/** Bytes that wait for the reader before the host is slowed down. */
const mostWaiting = 256 * 1024;

/**
 * What came of a body and was not read yet. A message that breaks off forgets what nobody read; here that is handed on first, so that a
 * download keeps every byte that reached it.
 */
class Arrivals {
  readonly #message: IncomingMessage;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #end: { readonly error: Error | null } | null = null;
  #wake: () => void = () => undefined;

  constructor(message: IncomingMessage) {
    this.#message = message;
    message.on('data', (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#bytes += piece.byteLength;
      if (this.#bytes >= mostWaiting) message.pause();
      this.#wake();
    });
    message.on('end', () => this.#finish(null));
    message.on('error', (error) => this.#finish(error));
    message.on('close', () => this.#finish(message.errored));
    if (message.destroyed) this.#finish(message.errored);
  }

  /** True while the host is to say something. */
  get isWaiting(): boolean {
    return this.#pieces.length === 0 && this.#end === null;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** The next piece; null at the end. Throws what broke the message off, after its last piece. */
  take(): Buffer | null {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#bytes -= piece.byteLength;
      if (this.#bytes < mostWaiting) this.#message.resume();
      return piece;
    }
    const error = this.#end?.error ?? null;
    if (error !== null) throw error;
    return null;
  }

  #finish(error: Error | null): void {
    this.#end ??= { error };
    this.#wake();
  }
}

/** The answer of a host, whatever its status. Read it or close it: until then its connection stays open. */
export class Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly url: URL;
  readonly from: number;
  readonly #message: IncomingMessage;
  readonly #arrivals: Arrivals;
  readonly #options: AnswerOptions;

  constructor(message: IncomingMessage, options: AnswerOptions) {
    this.status = message.statusCode ?? 0;
    this.headers = message.headers;
    this.url = options.url;
    this.from = options.from;
    this.#message = message;
    this.#options = options;
    // From now on: what comes before anybody reads may be all that comes. Whoever reads is told of errors by the read itself.
    this.#arrivals = new Arrivals(message);
  }

  /**
   * The body as it comes; leaving early ends the connection.
   * @throws StudioError `answer-too-large`, `address-unreachable`; the caller's reason when the caller stopped it
   */
  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    const { clock, caller, maxBytes, url } = this.#options;
    const arrivals = this.#arrivals;
    let size = 0;
    try {
      if (Number(this.headers['content-length'] ?? 0) > maxBytes) throw this.#tooLarge();
      for (;;) {
        // Only the wait for the host is timed, not what the reader does between two pieces.
        if (arrivals.isWaiting) await clock.within('idle', arrivals.wait());
        const piece = arrivals.take();
        if (piece === null) return;
        size += piece.byteLength;
        if (size > maxBytes) throw this.#tooLarge();
        yield piece;
      }
    } catch (error) {
      throw explainFailure(url.host, error, clock.signal, caller);
    } finally {
      this.close();
    }
  }

  /** The whole body. Throws as `pieces` does. */
  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces()) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /**
   * The whole body, read as JSON.
   * @throws StudioError `answer-unreadable` for what is none; as `pieces` does
   */
  async json(): Promise<unknown> {
    const bytes = await this.bytes();
    try {
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
    } catch (cause) {
      const { host } = this.url;
      const hint = 'Check that the address is that of the program you mean.';
      const details = { host, status: this.status };
      throw new StudioError('answer-unreadable', `${host} answered something the studio cannot read.`, hint, details, cause);
    }
  }

  /** Ends the connection. What was not read is lost. */
  close(): void {
    this.#options.clock.stop();
    this.#message.socket.destroy();
  }

  #tooLarge(): StudioError {
    const { maxBytes, url } = this.#options;
    const message = `The answer of ${url.host} is larger than ${megabytes(maxBytes)}.`;
    return new StudioError('answer-too-large', message, 'Ask for less at a time.', { host: url.host, maxBytes });
  }
}
