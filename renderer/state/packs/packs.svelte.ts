import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PackManifest, PackMeasurement, PackOverview, PackVerification } from '../../../contract/models/pack.ts';
import { toErrorBody } from '../../client/to-error-body.ts';

/** A check of a pack's files: under way, ended, or failed. */
export type PackCheck =
  | { readonly type: 'checking'; readonly fraction: number }
  | { readonly type: 'done'; readonly verification: PackVerification }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** What is known of one pack beyond its line in the list. */
export interface PackCard {
  readonly manifest: PackManifest;
  readonly measurements: readonly PackMeasurement[];
}

/** The packs on this machine, and what was found out about them here. */
export class Packs {
  #overview: PackOverview | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #cards: Readonly<Record<string, PackCard>> = $state.raw({});
  #checks: Readonly<Record<string, PackCheck>> = $state.raw({});
  readonly #running = new Map<string, AbortController>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Null until it has been read. */
  get overview(): PackOverview | null {
    return this.#overview;
  }

  /** Why the list could not be read. */
  get error(): ErrorBody | null {
    return this.#error;
  }

  card(packId: string): PackCard | null {
    return this.#cards[packId] ?? null;
  }

  check(packId: string): PackCheck | null {
    return this.#checks[packId] ?? null;
  }

  /** Reads the folders again: a pack that was just copied in is found. */
  async load(): Promise<void> {
    this.#error = null;
    try {
      this.#overview = await this.#client.packs.overview();
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  async remove(packId: string): Promise<void> {
    this.#overview = await this.#client.packs.remove({ packId });
  }

  async open(packId: string): Promise<void> {
    const [manifest, measurements] = await Promise.all([
      this.#client.packs.info({ packId }),
      this.#client.packs.measurements({ packId }),
    ]);
    this.#cards = { ...this.#cards, [packId]: { manifest, measurements } };
  }

  /** Hashes every file. A second call for the same pack does nothing while the first runs. */
  async verify(packId: string): Promise<void> {
    if (this.#running.has(packId)) return;
    const stop = new AbortController();
    this.#running.set(packId, stop);
    this.#set(packId, { type: 'checking', fraction: 0 });
    try {
      for await (const event of await this.#client.packs.check({ packId }, { signal: stop.signal })) {
        if (event.type === 'done') this.#set(packId, { type: 'done', verification: event.verification });
        else this.#set(packId, { type: 'checking', fraction: event.totalBytes === 0 ? 0 : event.doneBytes / event.totalBytes });
      }
    } catch (failure) {
      if (!stop.signal.aborted) this.#set(packId, { type: 'failed', error: toErrorBody(failure) });
    } finally {
      this.#running.delete(packId);
      if (this.#checks[packId]?.type === 'checking') this.#set(packId, null);
    }
  }

  stop(packId: string): void {
    this.#running.get(packId)?.abort();
  }

  #set(packId: string, check: PackCheck | null): void {
    const others = Object.entries(this.#checks).filter(([id]) => id !== packId);
    this.#checks = Object.fromEntries(check === null ? others : [...others, [packId, check]]);
  }
}
