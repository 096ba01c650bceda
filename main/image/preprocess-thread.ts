import { Worker } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { ImageInput } from '../../contract/pack.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ImageLimits } from './image-limits.ts';

export interface PreprocessOrder {
  readonly orderId: number;
  readonly source: string | Uint8Array;
  readonly input: ImageInput;
  readonly limits: ImageLimits;
}

export type PreprocessAnswer =
  | { readonly orderId: number; readonly tensor: Tensor<'float32'> }
  | { readonly orderId: number; readonly error: ErrorBody }
  | { readonly orderId: number; readonly fault: string };

interface Waiting {
  readonly resolve: (tensor: Tensor<'float32'>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * preprocessImage in a thread of its own. A model run blocks the thread it is called from, so pictures that are to be
 * decoded meanwhile need another. Started by the first order; an idle thread does not keep the process alive.
 */
export class PreprocessThread {
  #worker: Worker | null = null;
  #orders = 0;
  #unsent: PreprocessOrder[] = [];
  readonly #waiting = new Map<number, Waiting>();

  /** Whether the thread runs already, so that an order does not wait for its start. */
  get isAwake(): boolean {
    return this.#worker !== null;
  }

  /** As preprocessImage. */
  preprocess(source: string | Uint8Array, input: ImageInput, limits: ImageLimits): Promise<Tensor<'float32'>> {
    this.#orders += 1;
    const order: PreprocessOrder = { orderId: this.#orders, source, input, limits };
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.orderId, { resolve, reject });
      this.#unsent.push(order);
      if (this.#unsent.length === 1) setImmediate(() => this.#send());
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Orders and answers travel in groups: waking a thread costs more than what one of them says. */
  #send(): void {
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(this.#unsent);
    this.#unsent = [];
  }

  #start(): Worker {
    const worker = new Worker(new URL('./run-preprocess-thread.ts', import.meta.url));
    worker.on('message', (answers: readonly PreprocessAnswer[]) => answers.forEach((answer) => this.#receive(answer)));
    worker.on('error', (error: Error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the thread that decodes pictures ended')));
    return worker;
  }

  #receive(answer: PreprocessAnswer): void {
    const waiting = this.#waiting.get(answer.orderId);
    this.#waiting.delete(answer.orderId);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ('tensor' in answer) waiting?.resolve(answer.tensor);
    else waiting?.reject('error' in answer ? StudioError.fromBody(answer.error) : new Error(answer.fault));
  }

  #fail(error: Error): void {
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
