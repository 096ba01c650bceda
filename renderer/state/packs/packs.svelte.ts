import type { ErrorBody } from '../../../contract/errors.ts';
import type { PackGraph } from '../../../contract/models/drawing-memory.ts';
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
  readonly graphs: readonly PackGraph[];
}

/** The packs on this machine, and what was found out about them here. */
export class Packs {
  #overview: PackOverview | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #cards: Readonly<Record<string, PackCard>> = $state.raw({});
  #checks: Readonly<Record<string, PackCheck>> = $state.raw({});
  #moving: string | null = $state.raw(null);
  readonly #running = new Map<string, AbortController>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Null until it has been read. */
  get overview(): PackOverview | null {
    return this.#overview;
  }

  /** The pack that is on its way to another folder. */
  get moving(): string | null {
    return this.#moving;
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

  /** Takes a pack's files to `<folder>/<its id>`; a second call waits for nobody and does nothing meanwhile. */
  async move(packId: string, folder: string): Promise<void> {
    if (this.#moving !== null) return;
    this.#moving = packId;
    try {
      this.#overview = await this.#client.packs.move({ packId, folder });
    } finally {
      this.#moving = null;
    }
  }

  async remove(packId: string): Promise<void> {
    this.#overview = await this.#client.packs.remove({ packId });
  }

  async open(packId: string): Promise<void> {
    const [manifest, measurements, graphs] = await Promise.all([
      this.#client.packs.info({ packId }),
      this.#client.packs.measurements({ packId }),
      this.#client.packs.graphs({ packId }),
    ]);
    this.#cards = { ...this.#cards, [packId]: { manifest, measurements, graphs } };
  }

  /** Hashes every file. A second call for the same pack does nothing while the first runs. */
  async verify(packId: string): Promise<void> {
    if (this.#running.has(packId)) return;
    const stop = new AbortController();
    this.#running.set(packId, stop);
    this.#set(packId, { type: 'checking', fraction: 0 });
    try {
      for await (const event of await this.#client.packs.check({ packId }, { signal: stop.signal })) {
        if (event.type === 'done') {
          this.#set(packId, { type: 'done', verification: event.verification });
          // A whole pack's graphs are tried again.
          await this.load();
        } else this.#set(packId, { type: 'checking', fraction: event.totalBytes === 0 ? 0 : event.doneBytes / event.totalBytes });
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
