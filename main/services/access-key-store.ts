import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { accessKeyListRecord, accessKeySchema, mostAccessKeys } from '../../contract/access-key.ts';
import type { AccessKey, AccessKeyList, AccessKeyRequest, CreatedAccessKey } from '../../contract/access-key.ts';
import { StudioError } from '../../contract/errors.ts';
import { createId } from '../storage/create-id.ts';
import { StoredList } from '../writers/stored-list.ts';
import type { StoredListOptions } from '../writers/stored-list.ts';

type StoredKey = AccessKeyList['keys'][number];

/** What every key begins with, so that a program that looks for keys in files finds one. */
const BEGINNING = 'dediffusion_';

/** Node waits no longer; what is being sent for so long, twenty-four days, ends by itself. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Of 256 random bits a plain hash tells as little as any other. */
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** The keys with which other programs use the studio: made by a person, and kept as hashes. */
export class AccessKeyStore {
  readonly #stored: StoredList<AccessKeyList>;
  readonly #clock: () => number;
  readonly #listeners = new Set<(id: string) => void>();

  private constructor(stored: StoredList<AccessKeyList>, clock: () => number) {
    this.#stored = stored;
    this.#clock = clock;
  }

  static async open(options: StoredListOptions): Promise<AccessKeyStore> {
    return new AccessKeyStore(await StoredList.open(options, accessKeyListRecord, { keys: [] }), options.clock);
  }

  /** Those too that no longer hold. */
  list(): AccessKey[] {
    return this.#stored.value.keys.map(tellKey);
  }

  /** Throws StudioError `bad-request` where there are too many, and as StoredList.change does. */
  async create(request: AccessKeyRequest): Promise<CreatedAccessKey> {
    if (this.#stored.value.keys.length >= mostAccessKeys) {
      throw new StudioError('bad-request', `There are ${mostAccessKeys} access keys.`, 'Revoke some that are not used any more.');
    }
    const createdMs = this.#clock();
    const key = { id: createId(createdMs), createdMs, ...request };
    const secret = `${BEGINNING}${randomBytes(32).toString('base64url')}`;
    await this.#stored.change(({ keys }) => ({ keys: [...keys, { ...key, sha256: digest(secret).toString('hex') }] }));
    return { key, secret };
  }

  /** Throws StudioError `not-found`, and as StoredList.change does. */
  async revoke(id: string): Promise<void> {
    await this.#stored.change(({ keys }) => {
      const rest = keys.filter((key) => key.id !== id);
      if (rest.length < keys.length) return { keys: rest };
      throw new StudioError('not-found', 'There is no such access key.', 'Look at the list of keys; it may be revoked by now.', {
        id,
      });
    });
    for (const listener of this.#listeners) listener(id);
  }

  /** The key that a program shows, while it holds. Every key is compared, so that the time tells nothing. */
  find(secret: string): AccessKey | null {
    const shown = digest(secret);
    const fitting = this.#stored.value.keys.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), shown));
    const key = fitting.find((one) => this.#holds(one));
    return key === undefined ? null : tellKey(key);
  }

  /** Whether pages of an origin may use any key that holds. */
  allowsOrigin(origin: string): boolean {
    return this.#stored.value.keys.some((key) => key.origins.includes(origin) && this.#holds(key));
  }

  /** Calls back once when a key no longer holds, revoked or expired; returns the way to stop waiting. */
  whenGone({ id, expiresMs }: AccessKey, gone: () => void): () => void {
    const leftMs = expiresMs === null ? null : expiresMs - this.#clock();
    const timer = leftMs === null || leftMs > LONGEST_TIMER_MS ? null : setTimeout(gone, leftMs);
    timer?.unref();
    const listener = (revoked: string): void => {
      if (revoked === id) gone();
    };
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (timer !== null) clearTimeout(timer);
    };
  }

  #holds({ expiresMs }: StoredKey): boolean {
    return expiresMs === null || this.#clock() < expiresMs;
  }
}

/** Without its hash. */
const tellKey = (key: StoredKey): AccessKey => accessKeySchema.parse(key);
