import { StudioError } from '../../../contract/errors.ts';
import type { PictureAnswer, PictureCommand, PictureEnding, PictureMessage, PictureOrder } from '../picture-orders.ts';
import { carryOutOrder } from './carry-out-order.ts';
import { WorkClock, workClock } from './pixel-turns.ts';

export interface PictureWorkerOptions {
  /** For one picture from its first byte to its answer, waiting for its turn left out. */
  readonly timeLimitMs: number;
  /** Of the whole process, resident. */
  readonly memoryLimitBytes: number;
  readonly send: (message: PictureMessage) => void;
  /** A picture nobody waits for is given this long to end by itself, because an end of the process costs the others their work. */
  readonly cancelGraceMs: number;
  /** Says why and ends the process: what hangs inside of a decoder can be stopped in no other way. */
  readonly end: (ending: PictureEnding) => void;
}

interface InWork {
  readonly clock: WorkClock;
  cancelledMs: number | null;
}

/**
 * As many as libuv has threads. With more, the first picture's last step would wait behind the first step of all the others,
 * and whoever needs the first picture waits for nearly all.
 */
const mostInWork = 4;
/** How often limits are looked at. Memory grows by some hundred megabytes in that time at most. */
const watchEveryMs = 50;
const tellEveryMs = 1000;
/** How long an answer waits for others at most. */
const withinMs = 8;

/** Works through orders, nearly in the order they came, each answered once, and watches what they cost. */
export class PictureWorker {
  readonly #options: PictureWorkerOptions;
  readonly #waiting: { readonly orderId: number; readonly order: PictureOrder }[] = [];
  readonly #inWork = new Map<number, InWork>();
  #unsent: PictureAnswer[] = [];
  #sending: NodeJS.Timeout | undefined;
  #sentMs = -withinMs;
  #watch: NodeJS.Timeout | undefined;
  #toldMs = 0;

  constructor(options: PictureWorkerOptions) {
    this.#options = options;
  }

  receive(command: PictureCommand): void {
    if (command.type === 'cancel') {
      this.#cancel(command.orderId);
      return;
    }
    this.#waiting.push(...command.orders);
    this.#work();
  }

  #cancel(orderId: number): void {
    const place = this.#waiting.findIndex((waiting) => waiting.orderId === orderId);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      this.#answer({ orderId, fault: 'cancelled' });
    }
    const current = this.#inWork.get(orderId);
    if (current !== undefined) current.cancelledMs ??= performance.now();
  }

  #work(): void {
    while (this.#inWork.size < mostInWork) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { orderId, order } = next;
      const clock = new WorkClock();
      this.#inWork.set(orderId, { clock, cancelledMs: null });
      void workClock
        .run(clock, () => answerOrder(orderId, order))
        .then((answered) => {
          this.#inWork.delete(orderId);
          this.#answer(answered);
          this.#work();
        });
    }
    if (this.#inWork.size > 0) this.#watch ??= setInterval(() => this.#look(), watchEveryMs);
    else {
      clearInterval(this.#watch);
      this.#watch = undefined;
    }
  }

  #look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs >= tellEveryMs) {
      this.#toldMs = nowMs;
      this.#options.send({ type: 'working' });
    }
    if (process.memoryUsage.rss() > this.#options.memoryLimitBytes) {
      this.#options.end({ type: 'ending', limit: 'memory', orderIds: [...this.#inWork.keys()] });
      return;
    }
    for (const [orderId, { clock, cancelledMs }] of this.#inWork) {
      const isLate = clock.workedMs > this.#options.timeLimitMs;
      const isUnwanted = cancelledMs !== null && nowMs - cancelledMs > this.#options.cancelGraceMs;
      if (!isLate && !isUnwanted) continue;
      this.#options.end({ type: 'ending', limit: isUnwanted ? 'cancelled' : 'time', orderIds: [orderId] });
      return;
    }
  }

  /**
   * Answers travel in groups, as many as are in work at once: a message costs whoever reads it more than what one of them says. The first
   * after a while goes at once, because somebody waits for it, as does one that nothing follows; and none waits long.
   */
  #answer(answered: PictureAnswer): void {
    this.#unsent.push(answered);
    const isFirst = performance.now() - this.#sentMs > withinMs;
    const isLast = this.#inWork.size === 0 && this.#waiting.length === 0;
    if (isFirst || isLast || this.#unsent.length >= mostInWork) this.#send();
    else this.#sending ??= setTimeout(() => this.#send(), withinMs);
  }

  #send(): void {
    clearTimeout(this.#sending);
    this.#sending = undefined;
    this.#sentMs = performance.now();
    this.#options.send({ type: 'answers', answers: this.#unsent });
    this.#unsent = [];
  }
}

async function answerOrder(orderId: number, order: PictureOrder): Promise<PictureAnswer> {
  try {
    return { orderId, result: await carryOutOrder(order) };
  } catch (error) {
    if (error instanceof StudioError) return { orderId, error: error.toBody() };
    return { orderId, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
