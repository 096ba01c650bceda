import type { ErrorBody } from '../../../contract/errors.ts';
import type { DeviceParts as Parts, DevicePartsTransfer } from '../../../contract/outside/device-parts.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { say } from '../../language/say.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';
import type { NetworkAccess } from './network-access.svelte.ts';

/** How a bringing fares; `idle` also after one that was stopped. */
export type BringingStep =
  | { readonly type: 'idle' }
  | Exclude<DevicePartsTransfer, { type: 'done' }>
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** Libraries of other makers that a device needs: what they are, and how far a person has brought them. */
export class DeviceParts {
  #parts: Parts | null = $state.raw(null);
  #step: BringingStep = $state.raw({ type: 'idle' });
  #stop: AbortController | null = null;
  readonly #client: StudioClient;
  readonly #network: NetworkAccess;
  readonly #facts: CoreFacts;

  constructor(client: StudioClient, network: NetworkAccess, facts: CoreFacts) {
    this.#client = client;
    this.#network = network;
    this.#facts = facts;
  }

  /** Null until it was asked for. */
  get parts(): Parts | null {
    return this.#parts;
  }

  get step(): BringingStep {
    return this.#step;
  }

  async load(): Promise<void> {
    this.#parts = await this.#client.deviceParts.get();
  }

  /** The yes that a person gave after reading place, size and licences, and the bringing itself. What goes wrong stands in `step`. */
  async bring(): Promise<void> {
    const offer = this.#parts?.offer ?? null;
    if (offer === null || this.#stop !== null) return;
    const stop = new AbortController();
    this.#stop = stop;
    try {
      this.#step = { type: 'progress', doneBytes: offer.keptBytes, totalBytes: offer.bytes, bytesPerSecond: null };
      const { origin, bytes, parts } = offer;
      const shown = say('settings.parts.consent', { host: new URL(origin).host });
      if (this.#parts?.allowed !== true)
        await this.#network.allow({ origin, purpose: 'download', sends: ['address'], keeps: ['program'], shown });
      const agreed = { bytes, licences: parts.map(({ licence }) => licence.name) };
      for await (const event of await this.#client.deviceParts.bring(agreed, { signal: stop.signal })) {
        if (event.type === 'done') this.#parts = event.parts;
        else this.#step = event;
      }
      this.#step = { type: 'idle' };
      await this.#facts.load();
    } catch (failure) {
      this.#step = stop.signal.aborted ? { type: 'idle' } : { type: 'failed', error: toErrorBody(failure) };
      // How much of it is here now.
      await this.load().catch(() => undefined);
    } finally {
      this.#stop = null;
    }
  }

  /** What came is kept. */
  stop(): void {
    this.#stop?.abort();
  }

  async remove(): Promise<void> {
    this.#parts = await this.#client.deviceParts.remove();
    this.#step = { type: 'idle' };
    await this.#facts.load();
  }
}
