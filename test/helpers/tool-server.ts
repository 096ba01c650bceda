import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';

export interface HeardByTool {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What goes wrong with the next request of a path. */
export type Fault = 'cut' | 'cut-after' | 'silent' | { readonly status: number; readonly body: string };

export interface ToolAnswer {
  readonly status?: number;
  /** Default: `application/json`. */
  readonly type?: string;
  readonly body: object | string | Buffer;
}

/** What servers of tools have in common: what they heard, what goes wrong with it, and drawing that waits until it may go on. */
export abstract class ToolServer {
  readonly heard: HeardByTool[] = [];
  /** Where drawing waits for `go`: in the queue, after the first step, or nowhere. */
  held: 'queue' | 'step' | null = null;
  /** Nobody answers there any more. */
  protected dead = false;
  protected wake: () => void = () => undefined;
  readonly #faults = new Map<string, Fault[]>();
  #awaited: { readonly path: string; readonly resolve: () => void }[] = [];

  readonly listener: RequestListener = (request, response) => void this.#answer(request, response);

  protected abstract route(one: HeardByTool): ToolAnswer;

  /** Draws what waits. */
  protected abstract work(): Promise<void>;

  /** Requests of a path, by their beginning. */
  asked(path: string, method?: string): HeardByTool[] {
    return this.heard.filter((one) => one.path.startsWith(path) && (method === undefined || one.method === method));
  }

  fault(path: string, ...faults: Fault[]): void {
    this.#faults.set(path, faults);
  }

  /** Resolves with the next request of that path, which is heard by then. */
  next(path: string): Promise<void> {
    return new Promise((resolve) => this.#awaited.push({ path, resolve }));
  }

  go(): void {
    this.held = null;
    this.wake();
    void this.work();
  }

  /** Resolves when `go` is called. */
  protected untilGo(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  protected hear(one: HeardByTool): void {
    this.heard.push(one);
    const awaited = this.#awaited.filter(({ path }) => one.path.startsWith(path));
    this.#awaited = this.#awaited.filter(({ path }) => !one.path.startsWith(path));
    // After the answer was begun.
    for (const { resolve } of awaited) void setImmediate().then(resolve);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.dead) return void request.socket.destroy();
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const path = request.url ?? '';
    const one = { method: request.method ?? '', path, headers: request.headers, body: Buffer.concat(pieces) };
    this.hear(one);
    const fault = [...this.#faults].find(([begin]) => path.startsWith(begin))?.[1].shift();
    if (fault === 'cut') request.socket.destroy();
    else if (fault === 'silent') return;
    else if (fault === 'cut-after') {
      this.route(one);
      request.socket.destroy();
    } else if (fault !== undefined) response.writeHead(fault.status).end(fault.body);
    else {
      const { status = 200, type = 'application/json', body } = this.route(one);
      response
        .writeHead(status, { 'content-type': type })
        .end(typeof body === 'object' && !(body instanceof Buffer) ? JSON.stringify(body) : body);
    }
  }
}
