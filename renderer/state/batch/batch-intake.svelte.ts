import type { BatchFile } from '../../../contract/batch.ts';
import { isSilence, toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { NamedFile } from '../frame/list-files.ts';

/** Files on their way into a batch. */
export interface Arrival {
  readonly batchId: string;
  readonly total: number;
  readonly sent: number;
  /** How many of those sent are rows of the batch by now. */
  readonly listed: number;
  readonly failed: number;
  /** The core does not answer; the next try follows by itself. */
  readonly waiting: boolean;
}

/** So many bodies at once keep the core busy and the memory small. */
const lanes = 3;
/** Rows are told of in groups, so that ten thousand files are not ten thousand questions. */
const groupSize = 24;
const pauseMs = 1000;
/** A core that answers with a fault of its own is asked no more often than this. */
const mostTries = 5;

/** Sends files to the library and puts them into a batch, in their order. What the core cannot take is a row with the reason. */
export class BatchIntake {
  #arrivals: readonly Arrival[] = $state.raw([]);
  readonly #stopped = new Set<string>();
  /** Files that were refused, to be sent again when they are tried again. Forgotten with the page. */
  readonly #refused = new Map<string, File>();
  readonly #transport: Transport;

  readonly #retryMs: number;

  constructor(transport: Transport, retryMs = pauseMs) {
    this.#transport = transport;
    this.#retryMs = retryMs;
  }

  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  /** Files on their way that are no rows of the batch yet. */
  coming(batchId: string): number {
    const arrival = this.find(batchId);
    return arrival === null ? 0 : arrival.total - arrival.listed;
  }

  /** The same for all batches. */
  get allComing(): number {
    return this.#arrivals.reduce((sum, { total, listed }) => sum + total - listed, 0);
  }

  find(batchId: string): Arrival | null {
    return this.#arrivals.find((arrival) => arrival.batchId === batchId) ?? null;
  }

  /** Sends no more into this batch; what has arrived stays. */
  stop(batchId: string): void {
    if (this.find(batchId) !== null) this.#stopped.add(batchId);
  }

  /** The refused file of a row, as long as this page has it. */
  refusedFile(batchId: string, name: string): File | null {
    return this.#refused.get(`${batchId}/${name}`) ?? null;
  }

  /** Resolves when all have arrived or were stopped. Rejects with the core's reason when it does not take them into the batch. */
  async send(batchId: string, files: readonly NamedFile[]): Promise<void> {
    const before = this.find(batchId);
    this.#change(batchId, { total: (before?.total ?? 0) + files.length });
    const outcomes: (BatchFile | undefined)[] = [];
    let next = 0;
    let told = 0;
    let telling = Promise.resolve();
    const untaken: unknown[] = [];
    const tell = (all: boolean): void => {
      let ready = told;
      while (outcomes[ready] !== undefined) ready += 1;
      if (ready === told || (!all && ready - told < groupSize)) return;
      const group = outcomes.slice(told, ready).filter((file) => file !== undefined);
      told = ready;
      telling = telling.then(async () => {
        if (untaken.length > 0) return;
        try {
          await this.#persist(batchId, () => this.#transport.client.batches.add({ batchId, files: group }));
          this.#change(batchId, { listed: (this.find(batchId)?.listed ?? 0) + group.length });
        } catch (failure) {
          untaken.push(failure);
        }
      });
    };
    const lane = async (): Promise<void> => {
      for (let at = next++; at < files.length && untaken.length === 0 && !this.#stopped.has(batchId); at = next++) {
        const named = files[at];
        if (named === undefined) return;
        outcomes[at] = await this.#sendFile(batchId, named);
        const { sent, failed } = this.find(batchId) ?? { sent: 0, failed: 0 };
        this.#change(batchId, { sent: sent + 1, failed: failed + (outcomes[at]?.error === null ? 0 : 1) });
        // The first ones at once: the reading can begin.
        tell(told === 0);
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, lane));
      tell(true);
      await telling;
      if (untaken.length > 0) throw untaken[0];
    } finally {
      this.#end(batchId, files.length);
    }
  }

  async #sendFile(batchId: string, { name, file }: NamedFile): Promise<BatchFile> {
    try {
      const title = name.split('/').at(-1) ?? name;
      const item = await this.#persist(batchId, () => this.#transport.uploadImage(file, title));
      this.#refused.delete(`${batchId}/${name}`);
      return { name, sha256: item.kind === 'prompt' ? null : item.image.sha256, error: null };
    } catch (failure) {
      this.#refused.set(`${batchId}/${name}`, file);
      return { name, sha256: null, error: toErrorBody(failure) };
    }
  }

  /** A core that does not answer is asked again until it does, one with a fault a few times; what it refuses is refused. */
  async #persist<Value>(batchId: string, work: () => Promise<Value>): Promise<Value> {
    for (let faults = 0; ;) {
      try {
        const value = await work();
        if (this.find(batchId)?.waiting === true) this.#change(batchId, { waiting: false });
        return value;
      } catch (failure) {
        const cause = readCause(failure);
        if (cause === 'fault') faults += 1;
        if (cause === 'refusal' || faults >= mostTries || this.#stopped.has(batchId)) throw failure;
        this.#change(batchId, { waiting: true });
        await new Promise((resolve) => setTimeout(resolve, this.#retryMs));
      }
    }
  }

  #change(batchId: string, change: Partial<Arrival>): void {
    const arrival = this.find(batchId) ?? { batchId, total: 0, sent: 0, listed: 0, failed: 0, waiting: false };
    const others = this.#arrivals.filter((one) => one.batchId !== batchId);
    this.#arrivals = [...others, { ...arrival, ...change }];
  }

  #end(batchId: string, files: number): void {
    const arrival = this.find(batchId);
    if (arrival === null) return;
    const total = arrival.total - files;
    if (total > 0 && !this.#stopped.has(batchId))
      this.#change(batchId, {
        total,
        sent: Math.max(0, arrival.sent - files),
        listed: Math.max(0, arrival.listed - files),
      });
    else {
      this.#arrivals = this.#arrivals.filter((one) => one.batchId !== batchId);
      this.#stopped.delete(batchId);
    }
  }
}

/**
 * `absence`: nobody answered, or a new core does not know this page yet. `fault`: something went wrong inside the core or this
 * page. A file that cannot be read any more is a refusal.
 */
function readCause(failure: unknown): 'absence' | 'fault' | 'refusal' {
  if (failure instanceof DOMException) return 'refusal';
  const { code } = toErrorBody(failure);
  if (code === 'unauthorised') return 'absence';
  if (code !== 'internal') return 'refusal';
  return isSilence(failure) ? 'absence' : 'fault';
}
