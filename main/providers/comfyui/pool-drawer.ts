import { StudioError } from '../../../contract/errors.ts';
import type { DrawContext, ToolDrawer, ToolDrawOrder } from '../../ports/drawer.ts';

/** A drawer that can say whether its server knows of a drawing. */
export interface FindingDrawer extends ToolDrawer {
  /** Whether the server has begun this, or has done it. Throws as the drawer does. */
  hasBegun(order: ToolDrawOrder, signal: AbortSignal): Promise<boolean>;
}

/** One of several servers that draw the same. */
export interface PoolServer {
  readonly host: string;
  /** @throws StudioError as Tools.open does */
  open(signal: AbortSignal): Promise<FindingDrawer>;
}

export interface PoolOptions {
  /** Whether what was under way at a server may be drawn by another: nothing that costs can have been begun there. */
  readonly isMovable: (error: StudioError) => boolean;
  /** Told of a server that could not be reached. */
  readonly onAway: (host: string) => void;
}

/** Longest wait for a server to say whether it knows of a drawing, in milliseconds: another draws meanwhile. */
const askMs = 3_000;

const isAway = (error: unknown): error is StudioError => error instanceof StudioError && error.code === 'address-unreachable';

/** Servers as one: the first draws, and the next takes over from one that is gone. */
class PoolDrawer implements ToolDrawer {
  readonly abilities: ToolDrawer['abilities'];
  readonly #servers: readonly PoolServer[];
  readonly #first: FindingDrawer;
  readonly #options: PoolOptions;

  /** @param first the drawer of the first of the servers */
  constructor(servers: readonly PoolServer[], first: FindingDrawer, options: PoolOptions) {
    this.#servers = servers;
    this.#first = first;
    this.#options = options;
    this.abilities = first.abilities;
  }

  async draw(order: ToolDrawOrder, context: DrawContext): Promise<void> {
    let drawn = 0;
    const counting: DrawContext = {
      ...context,
      onPicture: (picture) => {
        drawn += 1;
        context.onPicture(picture);
      },
    };
    const waiting = await this.#arrange(order, context.signal);
    for (;;) {
      const server = waiting.shift();
      if (server === undefined) throw new Error('a pool without servers');
      // What is drawn already is kept; the rest has the seeds it would have had.
      const from = drawn;
      const rest = { ...order, seed: order.seed + from, count: order.count - from };
      let isAsked = false;
      try {
        const drawer = server === this.#servers[0] ? this.#first : await server.open(context.signal);
        isAsked = true;
        await drawer.draw(rest, { ...counting, onProgress: (progress) => this.#tell(context, order, from, progress) });
        return;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.#options.onAway(server.host);
        // Nothing was begun at one that could not even be opened.
        if (waiting.length === 0 || (isAsked && !this.#options.isMovable(error))) throw error;
        context.log(`${server.host} cannot be reached; ${waiting[0]?.host ?? ''} draws instead.`);
      }
    }
  }

  #tell(context: DrawContext, { count }: ToolDrawOrder, from: number, progress: Parameters<DrawContext['onProgress']>[0]): void {
    context.onProgress({ ...progress, fraction: (from + progress.fraction * (count - from)) / count });
  }

  /** Whoever has begun this, at an earlier start, goes first, so that nothing is drawn twice. */
  async #arrange(order: ToolDrawOrder, signal: AbortSignal): Promise<PoolServer[]> {
    const begun = await Promise.all(this.#servers.map((server, at) => this.#hasBegun(server, at, order, signal)));
    signal.throwIfAborted();
    return [...this.#servers.filter((_, at) => begun[at]), ...this.#servers.filter((_, at) => begun[at] !== true)];
  }

  async #hasBegun(server: PoolServer, at: number, order: ToolDrawOrder, signal: AbortSignal): Promise<boolean> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(askMs)]);
    try {
      const drawer = at === 0 ? this.#first : await server.open(limited);
      return await drawer.hasBegun(order, limited);
    } catch {
      // One that does not answer draws nothing; a person's cancel is looked for by whoever asked.
      return false;
    }
  }
}

/**
 * Opens the first of several servers that can be reached, with the others behind it.
 *
 * @param servers who shall draw, and who takes over, in that order; at least one
 * @throws StudioError as Tools.open does, of the last where none can be reached
 */
export async function openPool(servers: readonly PoolServer[], options: PoolOptions, signal: AbortSignal): Promise<ToolDrawer> {
  let last: unknown = new Error('a pool without servers');
  for (const [at, server] of servers.entries()) {
    try {
      const drawer = await server.open(signal);
      return new PoolDrawer([...servers.slice(at), ...servers.slice(0, at)], drawer, options);
    } catch (error) {
      if (!isAway(error)) throw error;
      options.onAway(server.host);
      last = error;
    }
  }
  throw last;
}
