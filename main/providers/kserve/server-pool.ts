import { StudioError } from '../../../contract/errors.ts';
import type { ModelServer } from './model-server.ts';

export interface PoolOptions {
  /** Requests under way to each server at most. */
  readonly requestsAtOnce: number;
  /** How long work looks for a server that answers, from when it was first lost, in milliseconds. A server that is started again takes that long. */
  readonly recoverMs: number;
}

interface Member {
  readonly server: ModelServer;
  busy: number;
  /** Losses in a row. */
  losses: number;
  /** It is left alone until then, by `performance.now()`. */
  restUntilMs: number;
}

const shortestRestMs = 250;
const longestRestMs = 5_000;

/**
 * The servers of one connection. Each has some requests under way, so that the next lies there when one is done; the least busy is asked
 * first. What is lost with a server goes to another, and a server that fails is left alone for a while, each time longer.
 */
export class ServerPool {
  readonly #members: readonly Member[];
  readonly #options: PoolOptions;
  readonly #waiting = new Set<() => void>();

  constructor(servers: readonly ModelServer[], options: PoolOptions) {
    this.#members = servers.map((server) => ({ server, busy: 0, losses: 0, restUntilMs: 0 }));
    this.#options = options;
  }

  get servers(): readonly ModelServer[] {
    return this.#members.map(({ server }) => server);
  }

  /** Runs that keep every server busy. */
  get runsAtOnce(): number {
    return this.#members.length * this.#options.requestsAtOnce;
  }

  /**
   * Does work at one server, and again at others while it may succeed there: it must change nothing.
   * @throws what the last server that was asked answered; the signal's reason
   */
  async run<Value>(work: (server: ModelServer) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const missing = new Set<ModelServer>();
    let faults = 0;
    let lostMs: number | null = null;
    for (;;) {
      const member = await this.#take(missing, signal);
      try {
        const value = await work(member.server);
        member.losses = 0;
        return value;
      } catch (error) {
        signal.throwIfAborted();
        // A server that was lost and is back may still be loading.
        if (isMissing(error) && member.losses === 0) {
          missing.add(member.server);
          if (missing.size === this.#members.length) throw error;
          continue;
        }
        if (!isLoss(error) && !isMissing(error)) throw error;
        // A fault of the work itself meets every server: each is asked once, and one of them twice.
        if (error.code === 'tool-failed') faults += 1;
        lostMs ??= performance.now();
        if (faults > this.#members.length || performance.now() - lostMs > this.#options.recoverMs) throw error;
        this.#rest(member, error);
      } finally {
        member.busy -= 1;
        this.#wake();
      }
    }
  }

  #rest(member: Member, { details }: StudioError): void {
    member.losses += 1;
    member.server.forget();
    const asked = details['retryAfterSeconds'];
    const restMs = typeof asked === 'number' ? asked * 1000 : shortestRestMs * 2 ** (member.losses - 1);
    member.restUntilMs = performance.now() + Math.min(longestRestMs, restMs);
  }

  /** The least busy server that may be asked, as soon as there is one. */
  async #take(missing: ReadonlySet<ModelServer>, signal: AbortSignal): Promise<Member> {
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      const able = this.#members.filter(({ server }) => !missing.has(server));
      const [free] = able
        .filter(({ busy, restUntilMs }) => busy < this.#options.requestsAtOnce && restUntilMs <= now)
        .sort((first, second) => first.busy - second.busy);
      if (free !== undefined) {
        free.busy += 1;
        return free;
      }
      const rests = able.map(({ restUntilMs }) => restUntilMs - now).filter((restMs) => restMs > 0);
      await this.#wait(rests.length === 0 ? null : Math.min(...rests), signal);
    }
  }

  /** Until a request has ended, a rest is over, or the caller gives up. */
  #wait(restMs: number | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = restMs === null ? undefined : setTimeout(end, restMs);
      signal.addEventListener('abort', end, { once: true });
      this.#waiting.add(end);
    });
  }

  #wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}

const isMissing = (error: unknown): error is StudioError => error instanceof StudioError && error.details['isMissing'] === true;

/** What another server, or the same one later, may well do. */
function isLoss(error: unknown): error is StudioError {
  if (!(error instanceof StudioError)) return false;
  const { code } = error;
  return code === 'address-unreachable' || code === 'answer-unreadable' || code === 'tool-failed' || code === 'tool-limited';
}
