import type { CoreSettingsChange, CoreSettingsReport, StorageReport } from '../../../contract/settings.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { Transport } from '../../client/transport.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';

/** What the core keeps of a person's choices, and what lies in its folder. */
export class Settings {
  #report: CoreSettingsReport | null = $state.raw(null);
  #storage: StorageReport | null = $state.raw(null);
  #probing = $state(false);
  #licences: string | null = $state.raw(null);
  readonly #client: StudioClient;
  readonly #facts: CoreFacts;
  readonly #readNotices: Transport['readNotices'];

  constructor({ client, readNotices }: Pick<Transport, 'client' | 'readNotices'>, facts: CoreFacts) {
    this.#client = client;
    this.#readNotices = readNotices;
    this.#facts = facts;
  }

  get report(): CoreSettingsReport | null {
    return this.#report;
  }

  /** Null until it was asked for and added up. */
  get storage(): StorageReport | null {
    return this.#storage;
  }

  /** The licences of others in the program; null while they are not shown. */
  get licences(): string | null {
    return this.#licences;
  }

  async showLicences(): Promise<void> {
    this.#licences = await this.#readNotices();
  }

  hideLicences(): void {
    this.#licences = null;
  }

  get probing(): boolean {
    return this.#probing;
  }

  /** News from the core: also another window may have changed them. */
  take(report: CoreSettingsReport): void {
    this.#report = report;
  }

  async load(): Promise<void> {
    this.take(await this.#client.settings.get());
  }

  /** Rejects with the core's error, and then nothing has changed. */
  async update(change: CoreSettingsChange): Promise<void> {
    this.take(await this.#client.settings.update(change));
  }

  async measureStorage(): Promise<void> {
    this.#storage = await this.#client.studio.storage();
  }

  async unload(): Promise<void> {
    this.#facts.setEngine(await this.#client.studio.unload());
  }

  async probeDevices(): Promise<void> {
    this.#probing = true;
    try {
      await this.#client.studio.probeDevices();
      await this.#facts.load();
    } finally {
      this.#probing = false;
    }
  }
}
