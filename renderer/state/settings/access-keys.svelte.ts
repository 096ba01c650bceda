import type { AccessKey, AccessKeyRequest, CreatedAccessKey } from '../../../contract/access-key.ts';
import type { StudioClient } from '../../../contract/methods.ts';

/** The keys with which other programs use this studio. */
export class AccessKeys {
  #keys: readonly AccessKey[] | null = $state.raw(null);
  #created: CreatedAccessKey | null = $state.raw(null);
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Null until they were asked for. */
  get keys(): readonly AccessKey[] | null {
    return this.#keys;
  }

  /** The newest with what its program shows, until a person has taken it; it is told nowhere else. */
  get created(): CreatedAccessKey | null {
    return this.#created;
  }

  async load(): Promise<void> {
    this.#keys = await this.#client.accessKeys.list();
  }

  async create(request: AccessKeyRequest): Promise<void> {
    this.#created = await this.#client.accessKeys.create(request);
    await this.load();
  }

  /** A person has put it where it belongs. */
  forgetCreated(): void {
    this.#created = null;
  }

  async revoke(id: string): Promise<void> {
    this.#keys = await this.#client.accessKeys.revoke({ id });
    if (this.#created?.key.id === id) this.#created = null;
  }
}
