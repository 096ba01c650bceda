import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { acceptSocket } from './server-socket.ts';
import type { ServerSocket } from './server-socket.ts';
import { ToolServer } from './tool-server.ts';
import type { HeardByTool, ToolAnswer } from './tool-server.ts';

const picture = readFileSync(new URL('../fixtures/images/small.png', import.meta.url));
const jpeg = `data:image/jpeg;base64,${readFileSync(new URL('../fixtures/comfyui/preview.bin', import.meta.url))
  .subarray(8)
  .toString('base64')}`;
const queue = '/api/v1/queue/default';

interface Item {
  readonly item_id: number;
  readonly destination: string;
  readonly graph: { readonly nodes: Record<string, { readonly type: string; readonly [field: string]: unknown }> };
  status: 'pending' | 'in_progress' | 'completed' | 'failed' | 'canceled';
}

/**
 * A server that answers as InvokeAI 6.14.2 does (`routers/session_queue.py`, `test/fixtures/invokeai/`): models, queue, refusals, and what
 * it says over Socket.IO, in that order. It draws the same picture for everything.
 */
export class InvokeaiServer extends ToolServer {
  models = [
    { key: 'k1', hash: 'blake3:1', name: 'tiny-sd', base: 'sd-1', type: 'main', format: 'diffusers' },
    { key: 'k2', hash: 'blake3:2', name: 'large', base: 'sdxl', type: 'main', format: 'diffusers' },
    { key: 'k3', hash: 'blake3:3', name: 'flowing', base: 'flux', type: 'main', format: 'diffusers' },
  ];
  /** What it says instead of drawing. */
  failure: { readonly error_type: string; readonly error_message: string } | null = null;
  /** No socket is taken. */
  deaf = false;
  /** It takes no more into its queue. */
  full = false;
  readonly #sockets = new Set<ServerSocket>();
  #items: Item[] = [];
  #number = 0;
  #life = 0;
  #busy = false;

  readonly upgrade = (request: IncomingMessage, socket: Socket): void => {
    this.hear({ method: 'GET', path: request.url ?? '', headers: request.headers, body: Buffer.alloc(0) });
    if (this.deaf) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const one = acceptSocket(request, socket);
    one.sendText('0{"sid":"a","upgrades":[],"pingTimeout":20000,"pingInterval":25000,"maxPayload":1000000}');
    one.onText((text) => {
      if (text === '40') {
        one.sendText('40{"sid":"b"}');
        one.sendText('2');
      }
      // Who has not subscribed is told nothing.
      if (text.startsWith('42["subscribe_queue"')) this.#sockets.add(one);
      if (text === '3') this.hear({ method: 'PONG', path: 'pong', headers: {}, body: Buffer.alloc(0) });
    });
    one.onEnd(() => this.#sockets.delete(one));
  };

  get submits(): number {
    return this.asked(`${queue}/enqueue_batch`).length;
  }

  /** What the n-th drawing was asked with. */
  sent(index = 0): { readonly origin: string; readonly graph: Item['graph'] & { readonly edges: readonly object[] } } {
    const body = this.asked(`${queue}/enqueue_batch`)[index]?.body.toString('utf8') ?? '{}';
    return (JSON.parse(body) as { batch: ReturnType<InvokeaiServer['sent']> }).batch;
  }

  dropSockets(): void {
    for (const socket of this.#sockets) {
      // In the middle of a frame.
      socket.sendRaw(Buffer.from([0x81, 126, 4, 0, 52]));
      socket.drop();
    }
  }

  /** It knows nothing of what was: its queue is not kept. */
  restart(): void {
    this.#life += 1;
    this.#items = [];
    this.#busy = false;
    this.dropSockets();
  }

  protected route({ path, method, body }: HeardByTool): ToolAnswer {
    const url = new URL(path, 'http://here');
    if (url.pathname === '/api/v1/app/version') return { body: { version: '6.14.2' } };
    if (url.pathname === '/api/v2/models/') return { body: { models: this.models } };
    if (url.pathname === `${queue}/list_all`) {
      const destination = url.searchParams.get('destination');
      return { body: this.#items.filter((item) => item.destination === destination).map((item) => this.#describe(item)) };
    }
    if (url.pathname === `${queue}/enqueue_batch`) return this.#take(JSON.parse(body.toString('utf8')) as { batch: Item });
    if (url.pathname === '/api/v1/images/upload') return { status: 201, body: { image_name: 'sent.png' } };
    if (url.pathname === '/api/v1/images/i/drawn.png/full') return { type: 'image/png', body: picture };
    const [, number, act] = /\/queue\/default\/i\/(\d+)(\/cancel)?$/.exec(url.pathname) ?? [];
    const item = this.#items.find((one) => one.item_id === Number(number));
    if (item === undefined) return { status: 404, body: { detail: 'Not Found' } };
    if (act !== undefined && method === 'PUT') {
      item.status = 'canceled';
      this.wake();
    }
    return { body: this.#describe(item) };
  }

  #describe({ item_id, destination, status }: Item): object {
    const drawn = status === 'completed' ? { u1: { type: 'image_output', image: { image_name: 'drawn.png' } } } : {};
    const error = status === 'failed' ? this.failure : { error_type: null, error_message: null };
    return {
      ...{ item_id, destination, status },
      ...error,
      session: { id: 's', results: { u0: { type: 'noise_output' }, ...drawn } },
    };
  }

  #take({ batch }: { readonly batch: Item }): ToolAnswer {
    const { graph, destination } = batch;
    const known = [
      'main_model_loader',
      'sdxl_model_loader',
      'compel',
      'sdxl_compel_prompt',
      'noise',
      'denoise_latents',
      'l2i',
      'i2l',
    ];
    const odd = Object.entries(graph.nodes).find(([, { type }]) => !known.includes(type));
    if (odd !== undefined) {
      const loc = ['body', 'batch', 'graph', 'nodes', odd[0]];
      return { status: 422, body: { detail: [{ type: 'union_tag_invalid', loc, msg: `Input tag '${odd[1].type}' found` }] } };
    }
    if (this.full) return { body: { queue_id: 'default', enqueued: 0, requested: 1, item_ids: [] } };
    this.#number += 1;
    this.#items.push({ item_id: this.#number, destination, graph, status: 'pending' });
    void this.work();
    return { body: { queue_id: 'default', enqueued: 1, requested: 1, priority: 0, item_ids: [this.#number] } };
  }

  protected async work(): Promise<void> {
    await setImmediate();
    const item = this.#items.find(({ status }) => status === 'pending');
    if (this.#busy || this.held === 'queue' || item === undefined) return;
    this.#busy = true;
    const life = this.#life;
    await this.#draw(item, life);
    if (life !== this.#life) return;
    this.#busy = false;
    void this.work();
  }

  async #draw(item: Item, life: number): Promise<void> {
    item.status = 'in_progress';
    this.#say(item, 'queue_item_status_changed', { status: 'in_progress' });
    for (const node of ['model', 'positive', 'negative', 'noise', 'denoise']) {
      this.#say(item, 'invocation_started', { invocation_source_id: node, invocation: { id: 'another' } });
    }
    this.#say(item, 'invocation_progress', { message: 'Loading model', percentage: null, image: null });
    for (const percentage of [0.5, 1]) {
      this.#say(item, 'invocation_progress', {
        ...{ message: 'Denoising', percentage, image: { width: 64, height: 64, dataURL: jpeg } },
      });
      if (this.held === 'step') await this.untilGo();
      await setImmediate();
      if (life !== this.#life) return;
      if (this.#isCanceled(item)) {
        this.#say(item, 'queue_item_status_changed', { status: 'canceled' });
        return;
      }
    }
    this.#say(item, 'invocation_started', { invocation_source_id: 'picture' });
    item.status = this.failure === null ? 'completed' : 'failed';
    this.#say(item, 'queue_item_status_changed', { status: item.status });
  }

  #isCanceled({ status }: Item): boolean {
    return status === 'canceled';
  }

  #say({ item_id, destination }: Item, event: string, data: object): void {
    const text = `42${JSON.stringify([event, { queue_id: 'default', item_id, origin: 'dediffusion', destination, ...data }])}`;
    for (const socket of this.#sockets) socket.sendText(text);
  }
}
