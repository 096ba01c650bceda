import { StudioError } from '../../contract/errors.ts';
import type { PictureAnswer, PictureEnding, PictureMessage, PictureOrder } from './picture-orders.ts';
import { startPictureProcess } from './start-picture-process.ts';
import type { PictureProcess, PictureProcessExit, PictureProcessOptions } from './start-picture-process.ts';

/** An order on its way. */
export interface PendingOrder {
  readonly orderId: number;
  readonly order: PictureOrder;
  /** How messages call its picture. */
  readonly name: string;
  /** Was in a process that died of one of several pictures: now it is tried with nothing beside it. */
  alone: boolean;
  /** Nobody waits for it any more. */
  abandoned: boolean;
  readonly answer: (answer: PictureAnswer) => void;
  readonly fail: (error: unknown) => void;
}

export interface PictureLaneOptions extends Omit<PictureProcessOptions, 'onMessage' | 'onExit'> {
  readonly silenceLimitMs: number;
  /** Something was answered: there is room for more. */
  readonly onRoom: () => void;
  /** The process is gone; these orders are innocent of it, as far as anybody can know, and go to another. */
  readonly onEnd: (lane: PictureLane, again: readonly PendingOrder[]) => void;
}

const silenceChecks = 4;

/**
 * One picture process and what it has in hand. When it dies, the order that did it fails with a sentence about its picture: known
 * because it was the only one, or because the process named it. Of several, each is tried again alone.
 */
export class PictureLane {
  readonly #options: PictureLaneOptions;
  readonly #process: PictureProcess;
  readonly #inHand = new Map<number, PendingOrder>();
  readonly #unsent: PendingOrder[] = [];
  #isReady = false;
  #ending: PictureEnding | null = null;
  #silent = 0;
  #isSilent = false;
  #isDying = false;
  #wasClosed = false;
  #watch: NodeJS.Timeout | undefined;
  readonly #gone: Promise<void>;

  constructor(options: PictureLaneOptions) {
    this.#options = options;
    let isGone: () => void = () => undefined;
    this.#gone = new Promise((resolve) => (isGone = resolve));
    this.#process = startPictureProcess({
      ...options,
      onMessage: (message) => this.#receive(message),
      onExit: (exit) => {
        isGone();
        this.#bury(exit);
      },
    });
    this.#process.hold(false);
  }

  get size(): number {
    return this.#inHand.size;
  }

  /** False for one that is about to end, and beside an order that is tried alone, which is the only one in hand. */
  get isOpen(): boolean {
    const [first] = this.#inHand.values();
    return !this.#isDying && this.#ending === null && first?.alone !== true;
  }

  take(order: PendingOrder): void {
    this.#inHand.set(order.orderId, order);
    this.#unsent.push(order);
    // Orders travel in groups: a message costs more than what one of them says.
    if (this.#unsent.length === 1) setImmediate(() => this.#send());
    if (this.#inHand.size > 1) return;
    this.#process.hold(true);
    this.#silent = 0;
    this.#watch = setInterval(() => this.#listen(), this.#options.silenceLimitMs / silenceChecks);
  }

  cancel(orderId: number): void {
    if (this.#inHand.has(orderId)) this.#process.send({ type: 'cancel', orderId });
  }

  /** Resolves when the process is gone. */
  close(): Promise<void> {
    this.#wasClosed = true;
    // Whoever closes waits for it, so it must keep this process alive until it is gone.
    this.#process.hold(true);
    this.#kill();
    return this.#gone;
  }

  #kill(): void {
    this.#isDying = true;
    this.#process.kill();
  }

  #send(): void {
    const orders = this.#unsent.splice(0).map(({ orderId, order }) => ({ orderId, order }));
    if (orders.length > 0) this.#process.send({ type: 'orders', orders });
  }

  #receive(message: PictureMessage): void {
    this.#silent = 0;
    if (message.type === 'ready') this.#isReady = true;
    else if (message.type === 'ending') this.#ending = message;
    else if (message.type === 'answers') {
      for (const answer of message.answers) this.#settle(answer);
      this.#options.onRoom();
    }
  }

  #settle(answer: PictureAnswer): void {
    const order = this.#inHand.get(answer.orderId);
    this.#inHand.delete(answer.orderId);
    if (this.#inHand.size === 0) this.#rest();
    order?.answer(answer);
  }

  #rest(): void {
    clearInterval(this.#watch);
    this.#process.hold(false);
  }

  /** Counted in looks, not in time: while this thread is busy it hears nothing, and that is not the process's fault. */
  #listen(): void {
    this.#silent += 1;
    if (this.#silent < silenceChecks) return;
    this.#isSilent = true;
    this.#kill();
  }

  #bury(exit: PictureProcessExit): void {
    this.#rest();
    const orders = [...this.#inHand.values()];
    this.#inHand.clear();
    const named = new Set(this.#ending?.orderIds ?? orders.map(({ orderId }) => orderId));
    const suspects = orders.filter(({ orderId }) => named.has(orderId));
    const again = orders.filter(({ orderId }) => !named.has(orderId));
    if (this.#wasClosed || !this.#isReady) {
      const error = this.#wasClosed
        ? new StudioError('file-unreadable', 'The studio is closing and reads no more pictures.', 'Open it again.')
        : new Error(`the process that reads pictures could not start: ${exit.lastWords}`);
      for (const order of orders) order.fail(error);
      this.#options.onEnd(this, []);
      return;
    }
    for (const order of suspects) {
      // One that nobody waits for was ended for that reason: nobody hears what became of it.
      if (suspects.length === 1) order.fail(this.#explain(order, exit));
      else again.push(Object.assign(order, { alone: true }));
    }
    this.#options.onEnd(
      this,
      again.filter(({ abandoned }) => !abandoned),
    );
  }

  #explain({ name }: PendingOrder, exit: PictureProcessExit): StudioError {
    const { memoryLimitBytes, timeLimitMs } = this.#options;
    if (this.#ending?.limit === 'memory') {
      const gigabytes = (memoryLimitBytes / 1024 ** 3).toFixed(1);
      const message = `${name} needs more than ${gigabytes} GB of memory to be opened.`;
      return new StudioError('memory-exceeded', message, 'Save a smaller version and try again.', { memoryLimitBytes });
    }
    const hint = 'Save it again as PNG or JPEG.';
    if (this.#isSilent || this.#ending !== null) {
      const message = `${name} took too long to decode.`;
      return new StudioError('image-unreadable', message, hint, { timeLimitMs });
    }
    const message = `${name} cannot be opened: reading it ended the program that reads pictures.`;
    return new StudioError('image-unreadable', message, hint, { exitCode: exit.code, signal: exit.signal });
  }
}
