import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { acceptSocket } from './server-socket.ts';
import type { ServerSocket } from './server-socket.ts';
import { ToolServer } from './tool-server.ts';
import type { HeardByTool, ToolAnswer } from './tool-server.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/comfyui/${name}`, import.meta.url));
const picture = readFileSync(new URL('../fixtures/images/small.png', import.meta.url));
const previews = { plain: fixture('preview.bin'), metadata: fixture('preview-with-metadata.bin') };

type Graph = Record<string, { class_type: string; inputs: Record<string, unknown> }>;

interface Prompt {
  readonly number: number;
  readonly id: string;
  readonly clientId: string;
  readonly graph: Graph;
  interrupted: boolean;
}

/**
 * A server that answers as ComfyUI 0.3.64 does (`server.py`, `execution.py`, and `test/fixtures/comfyui/`): routes, refusals, queue,
 * history, and what it says over its socket, in that order. It draws the same picture for everything.
 */
export class ComfyuiServer extends ToolServer {
  models = ['small.safetensors', 'large.safetensors'];
  /** What it says of nodes besides those that load a checkpoint and sample. */
  nodes: Readonly<Record<string, object>> = {};
  steps = 2;
  /** How long a step takes. */
  stepMs = 0;
  /** What a node says instead of drawing. */
  failure: { readonly node_type: string; readonly exception_message: string; readonly exception_type: string } | null = null;
  /** As servers of before 2025: they give ids of their own. */
  givesOwnIds = false;
  /** It stops where it is held, and not before `go`. */
  stubborn = false;
  /** Everything was drawn before. */
  cached = false;
  /** No socket is taken. */
  deaf = false;
  /** Prompts of others that are in the queue. */
  others = 0;
  readonly #sockets = new Map<string, { socket: ServerSocket; metadata: boolean }>();
  readonly #history = new Map<string, object>();
  #pending: Prompt[] = [];
  #running: Prompt | null = null;
  #number = 0;
  #life = 0;

  readonly upgrade = (request: IncomingMessage, socket: Socket): void => {
    this.hear({ method: 'GET', path: request.url ?? '', headers: request.headers, body: Buffer.alloc(0) });
    if (this.dead) return void socket.destroy();
    if (this.deaf || isForeign(request.headers)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const clientId = new URL(request.url ?? '', 'http://here').searchParams.get('clientId') ?? '';
    const one = { socket: acceptSocket(request, socket), metadata: false };
    this.#sockets.set(clientId, one);
    one.socket.onText((text) => {
      if ((JSON.parse(text) as { type: string }).type === 'feature_flags') one.metadata = true;
    });
    one.socket.onEnd(() => {
      if (this.#sockets.get(clientId) === one) this.#sockets.delete(clientId);
    });
    this.#say(clientId, 'status', { status: { exec_info: { queue_remaining: this.#pending.length } }, sid: clientId });
  };

  /** Every socket breaks off; with `half`, in the middle of a frame. */
  dropSockets(half = false): void {
    for (const { socket } of this.#sockets.values()) {
      if (half) socket.sendRaw(previews.plain.subarray(0, 2_000));
      socket.drop();
    }
  }

  /** It knows nothing of what was. */
  restart(): void {
    this.#life += 1;
    this.#pending = [];
    this.#running = null;
    this.#history.clear();
    this.dropSockets();
  }

  /** Nobody answers there any more, and what was under way is lost. */
  kill(): void {
    this.dead = true;
    this.restart();
  }

  protected route({ path, method, body, headers }: HeardByTool): ToolAnswer {
    const url = new URL(path, 'http://here');
    // On loopback a page of another host is refused.
    if (isForeign(headers)) return { status: 403, body: '' };
    const value = (): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    switch (`${method} ${url.pathname}`) {
      case 'GET /system_stats':
        return { body: { system: { comfyui_version: '0.3.64' }, devices: [] } };
      case 'GET /models/checkpoints':
        return { body: this.models };
      case 'GET /queue':
        return { body: this.#queue() };
      case 'POST /prompt':
        return this.#take(value());
      case 'POST /queue':
        this.#pending = this.#pending.filter(({ id }) => !((value()['delete'] ?? []) as string[]).includes(id));
        return { body: '' };
      case 'POST /interrupt':
        if (this.#running !== null && this.#running.id === value()['prompt_id']) {
          this.#running.interrupted = true;
          if (!this.stubborn) this.wake();
        }
        return { body: '' };
      case 'POST /upload/image':
        return { body: { name: /filename="([^"]+)"/.exec(body.toString('latin1'))?.[1], subfolder: '', type: 'input' } };
      case 'GET /view':
        return url.searchParams.get('filename')?.startsWith('DeDiffusion') === true
          ? { type: 'image/png', body: picture }
          : { status: 404, body: '' };
      default: {
        if (url.pathname.startsWith('/object_info/')) {
          const kind = decodeURIComponent(url.pathname.slice('/object_info/'.length));
          const info = { ...usualNodes(this.models), ...this.nodes }[kind];
          return { body: info === undefined ? {} : { [kind]: info } };
        }
        if (!url.pathname.startsWith('/history/')) return { status: 404, type: 'text/html', body: '<h1>404</h1>' };
        const id = decodeURIComponent(url.pathname.slice('/history/'.length));
        const entry = this.#history.get(id);
        return { body: entry === undefined ? {} : { [id]: entry } };
      }
    }
  }

  #queue(): object {
    const toItem = ({ number, id, clientId, graph }: Prompt) => [number, id, graph, { client_id: clientId }, ['9']];
    const others = Array.from({ length: this.others }, (_, index) => [-1 - index, `other-${index}`, {}, {}, []]);
    return {
      queue_running: this.#running === null ? [] : [toItem(this.#running)],
      queue_pending: [...this.#pending.map(toItem), ...others],
    };
  }

  #take({ prompt, client_id: clientId, prompt_id: wanted }: Record<string, unknown>): ToolAnswer {
    const graph = prompt as Graph;
    const model = graph['4']?.inputs['ckpt_name'];
    if (!this.models.includes(String(model))) {
      return { status: 400, body: JSON.parse(fixture('refused.json').toString('utf8')) as object };
    }
    this.#number += 1;
    const id = this.givesOwnIds ? `own-${this.#number}` : String(wanted);
    this.#pending.push({ number: this.#number, id, clientId: String(clientId), graph, interrupted: false });
    void this.work();
    return { body: { prompt_id: id, number: this.#number, node_errors: {} } };
  }

  protected async work(): Promise<void> {
    await setImmediate();
    if (this.#running !== null || this.held === 'queue') return;
    const prompt = this.#pending.shift();
    if (prompt === undefined) return;
    this.#running = prompt;
    const life = this.#life;
    await this.#draw(prompt, life);
    if (life !== this.#life) return;
    this.#running = null;
    void this.work();
  }

  async #draw({ id, clientId, ...prompt }: Prompt, life: number): Promise<void> {
    const at = { prompt_id: id };
    const running = this.#running;
    const messages: [string, object][] = [['execution_start', at]];
    this.#say(clientId, 'execution_start', at);
    const nodes = this.cached ? ['3', '4', '5', '6', '7', '8', '9'] : [];
    messages.push(['execution_cached', { nodes, ...at }]);
    this.#say(clientId, 'execution_cached', { nodes, ...at });
    for (const node of this.cached ? [] : ['4', '6', '3']) this.#say(clientId, 'executing', { node, display_node: node, ...at });
    for (let value = 1; value <= this.steps && !this.cached; value += 1) {
      this.#say(clientId, 'progress', { value, max: this.steps, node: '3', ...at });
      this.#preview(clientId);
      if (this.held === 'step' && (this.stubborn || running?.interrupted !== true)) await this.untilGo();
      await (this.stepMs === 0 ? setImmediate() : setTimeout(this.stepMs));
      if (life !== this.#life) return;
    }
    const failed = running?.interrupted === true || this.failure !== null;
    if (failed)
      messages.push(
        running?.interrupted === true ? ['execution_interrupted', at] : ['execution_error', { ...this.failure, ...at }],
      );
    else {
      for (const node of this.cached ? [] : ['8', '9']) this.#say(clientId, 'executing', { node, display_node: node, ...at });
      messages.push(['execution_success', at]);
    }
    const [event = '', data = {}] = messages.at(-1) ?? [];
    this.#say(clientId, event, data);
    // The history knows of the end a moment after the socket has told it, and `executing` without a node follows.
    await setImmediate();
    if (life !== this.#life) return;
    const images = [{ filename: `DeDiffusion_0000${prompt.number}_.png`, subfolder: '', type: 'output' }];
    this.#history.set(id, {
      prompt: [prompt.number, id, prompt.graph, { client_id: clientId }, ['9']],
      outputs: failed ? {} : { '9': { images } },
      status: { status_str: failed ? 'error' : 'success', completed: !failed, messages },
    });
    this.#running = null;
    this.#say(clientId, 'executing', { node: null, ...at });
  }

  #say(clientId: string, type: string, data: object): void {
    this.#sockets.get(clientId)?.socket.sendText(JSON.stringify({ type, data }));
  }

  #preview(clientId: string): void {
    const one = this.#sockets.get(clientId);
    // A preview that names a prompt names a recorded one, which is none of this server.
    one?.socket.sendBinary(one.metadata ? renamed(previews.metadata, clientId) : previews.plain);
  }
}

/** Whether a page of another host asks; what names no host, such as `null`, is none. */
function isForeign({ origin, host }: IncomingMessage['headers']): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host !== '' && new URL(origin).host !== host;
}

/** What it says of the nodes that load a checkpoint and that sample. */
function usualNodes(models: readonly string[]): Readonly<Record<string, object>> {
  const sampler = {
    ...{ model: ['MODEL'], seed: ['INT', {}], steps: ['INT', {}], cfg: ['FLOAT', {}] },
    ...{ sampler_name: ['COMBO', { options: ['euler', 'dpmpp_2m'] }], scheduler: [['normal', 'karras']] },
    ...{ positive: ['CONDITIONING'], negative: ['CONDITIONING'], latent_image: ['LATENT'], denoise: ['FLOAT', {}] },
  };
  const loader = { ckpt_name: [models, { tooltip: 'x' }] };
  return { CheckpointLoaderSimple: { input: { required: loader } }, KSampler: { input: { required: sampler } } };
}

/** The recorded frame with another prompt's id in it, of the same length. */
function renamed(frame: Buffer, promptId: string): Buffer {
  const recorded = '0fe1a2c6-ce91-4d2d-ab28-6b816bbbc240';
  const at = frame.indexOf(recorded);
  if (promptId.length !== recorded.length) return frame;
  return Buffer.concat([frame.subarray(0, at), Buffer.from(promptId), frame.subarray(at + recorded.length)]);
}
