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

/** The answer of a host, whatever its status. Read it or close it: until then its connection stays open. */
export class Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly url: URL;
  readonly from: number;
  readonly #message: IncomingMessage;
  readonly #options: AnswerOptions;

  constructor(message: IncomingMessage, options: AnswerOptions) {
    this.status = message.statusCode ?? 0;
    this.headers = message.headers;
    this.url = options.url;
    this.from = options.from;
    this.#message = message;
    this.#options = options;
    // Whoever reads is told by the read itself.
    message.on('error', () => undefined);
  }

  /**
   * The body as it comes; leaving early ends the connection.
   * @throws StudioError `answer-too-large`, `address-unreachable`; the caller's reason when the caller stopped it
   */
  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    const { clock, caller, maxBytes, url } = this.#options;
    const pieces = (this.#message as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    let size = 0;
    try {
      if (Number(this.headers['content-length'] ?? 0) > maxBytes) throw this.#tooLarge();
      for (;;) {
        // Only the wait for the host is timed, not what the reader does between two pieces.
        const next = await clock.within('idle', pieces.next());
        if (next.done === true) return;
        size += next.value.byteLength;
        if (size > maxBytes) throw this.#tooLarge();
        yield next.value;
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
