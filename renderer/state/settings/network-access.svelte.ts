import type { StudioClient } from '../../../contract/methods.ts';
import type { Consent, ConsentRequest, NetworkReport } from '../../../contract/network.ts';

/** What may leave this machine, what did since the start, and which keys are set. The keys themselves are never here. */
export class NetworkAccess {
  #report: NetworkReport | null = $state.raw(null);
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Null until it was asked for. */
  get report(): NetworkReport | null {
    return this.#report;
  }

  /** News from the core: also another window may have changed something. */
  take(report: NetworkReport): void {
    this.#report = report;
  }

  async load(): Promise<void> {
    this.take(await this.#client.network.report());
  }

  /** The yes that a person gave after reading what goes there. */
  async allow(request: ConsentRequest): Promise<void> {
    this.take(await this.#client.network.allow(request));
  }

  /** Takes a yes back. */
  async revoke({ origin, purpose }: Pick<Consent, 'origin' | 'purpose'>): Promise<void> {
    this.take(await this.#client.network.revoke({ origin, purpose }));
  }
}
