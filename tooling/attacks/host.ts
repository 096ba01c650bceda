import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { libraryItemSchema } from '../../contract/library.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { StudioClient } from '../../contract/methods.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const servedSchema = z.object({ origin: z.string(), token: z.string() });

export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Buffer;
  /** From the first byte sent to the last one received. */
  readonly ms: number;
}

export interface SendOptions {
  /** Default: POST with a body, GET without. */
  readonly method?: string;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `dediffusion serve` in a process of its own, as people run it: what attacks are made on, over HTTP. */
export class Host {
  readonly client: StudioClient;
  readonly #child: ChildProcess;
  readonly #served: z.infer<typeof servedSchema>;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(child: ChildProcess, served: z.infer<typeof servedSchema>) {
    this.#child = child;
    this.#served = served;
    this.client = createORPCClient(new RPCLink({ url: `${served.origin}/rpc`, fetch: (asked) => this.#fetch(asked) }));
  }

  /** @throws Error where it ends before it listens, with what it said. */
  static async start(dataFolder: string, options: { readonly onStarted?: (starting: StartingHost) => void } = {}): Promise<Host> {
    const starting = new StartingHost(dataFolder);
    options.onStarted?.(starting);
    return new Host(starting.child, await starting.served);
  }

  get origin(): string {
    return this.#served.origin;
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Ends it without a word; resolves when the system has let it go. */
  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
    this.#agent.destroy();
  }

  /** Asks it to end, and waits. @returns its exit code; null where a signal ended it. */
  async close(): Promise<number | null> {
    await end(this.#child, 'SIGTERM');
    this.#agent.destroy();
    return this.#child.exitCode;
  }

  /** Sends bytes with the key of the session. Of a stream of events only the first is read. */
  send(path: string, { method, body, headers = {} }: SendOptions = {}): Promise<Answer> {
    const startMs = performance.now();
    const options = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${this.#served.token}`, ...headers },
      agent: this.#agent,
    };
    return new Promise((resolve, reject) => {
      const sending = request(`${this.#served.origin}${path}`, options);
      // More than one may come, and after an answer none of them matters.
      sending.on('error', (error: NodeJS.ErrnoException) => {
        // The host had closed the connection because nobody used it, and neither side knew of the other: the next one is open.
        const isStale = sending.reusedSocket && error.code === 'ECONNRESET' && !this.hasEnded && isRepeatable(body);
        if (isStale) resolve(this.send(path, { method: options.method, headers, ...(body === undefined ? {} : { body }) }));
        else reject(error);
      });
      sending.once('response', (response) => {
        const chunks: Buffer[] = [];
        const end = (): void => {
          const ms = performance.now() - startMs;
          const mediaType = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode ?? 0, mediaType, body: Buffer.concat(chunks), ms });
        };
        const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (!isStream) return;
          end();
          response.destroy();
        });
        response.once('error', reject);
        response.once('end', end);
      });
      if (isRepeatable(body)) {
        sending.end(body);
        return;
      }
      void (async () => {
        for await (const chunk of body) if (!sending.write(chunk)) await new Promise((drained) => sending.once('drain', drained));
        sending.end();
      })().catch(reject);
    });
  }

  /** Adds a picture to the library. @throws Error with the answer where it is not taken */
  async upload(bytes: Uint8Array, title: string): Promise<LibraryItem> {
    const { status, body } = await this.send('/images', { body: bytes, headers: { 'x-title': encodeURIComponent(title) } });
    if (status !== 200) throw new Error(`an upload was answered with ${status} ${body.toString()}`);
    return libraryItemSchema.parse(JSON.parse(body.toString()));
  }

  /** What the client sends goes the same way as everything else. */
  async #fetch(asked: Request): Promise<Response> {
    const { pathname } = new URL(asked.url);
    const headers = { 'content-type': asked.headers.get('content-type') ?? '' };
    const { status, mediaType, body } = await this.send(pathname, { method: asked.method, headers, body: await asked.text() });
    return new Response(new Uint8Array(body), { status, headers: { 'content-type': mediaType } });
  }

  /** Resident memory at its highest since it started (Linux), in megabytes. */
  peakMegabytes(): number {
    return readPeakMegabytes(this.processId) ?? Number.NaN;
  }

  /** Processes it has started whose command names `script` (Linux). */
  findChildren(script: string): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((processId) => {
        try {
          const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${processId}/stat`, 'utf8'))?.[1];
          return Number(parent) === this.processId && readFileSync(`/proc/${processId}/cmdline`, 'utf8').includes(script);
        } catch {
          // It ended while it was looked at.
          return false;
        }
      });
  }
}

function isRepeatable(body: SendOptions['body']): body is string | Uint8Array | undefined {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}

/** A host that does not listen yet. */
export class StartingHost {
  readonly child: ChildProcess;
  /** What it says once it listens. */
  readonly served: Promise<z.infer<typeof servedSchema>>;

  constructor(dataFolder: string) {
    this.child = spawn(process.execPath, ['main/shell/cli/dediffusion.ts', 'serve', '--port', '0', '--json'], {
      cwd: root,
      // Halves the start; only a host that ends in peace fills it.
      env: { ...process.env, DEDIFFUSION_HOME: dataFolder, NODE_COMPILE_CACHE: `${dataFolder}-compiled` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.served = new Promise((resolve, reject) => {
      let said = '';
      let complained = '';
      this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        // The document is one object, and its last line is its end.
        if (said.trimEnd().endsWith('\n}')) resolve(servedSchema.parse(JSON.parse(said)));
      });
      this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (complained += text));
      this.child.once('close', (code, signal) =>
        reject(new Error(`the host ended with ${signal ?? code} before it listened: ${complained}`)),
      );
    });
    // Whoever kills it while it starts does not wait for this.
    this.served.catch(() => undefined);
  }

  async kill(): Promise<void> {
    await end(this.child, 'SIGKILL');
  }
}

/** Resident memory of a process at its highest (Linux), in megabytes; null where it has ended. */
export function readPeakMegabytes(processId: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
