import { z } from 'zod';
import type { KeychainState, NewSecret } from '../../../contract/desktop.ts';
import { StudioError } from '../../../contract/errors.ts';
import { secretNameSchema } from '../../../contract/outside/network.ts';
import type { RecordKind } from '../../../contract/record.ts';
import type { JsonStore } from './json-store.ts';

/** What Electron's `safeStorage` does here. */
export interface Encryption {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux alone: `basic_text` is a password that everybody knows. */
  getSelectedStorageBackend?(): string;
}

/** Names, and blobs that the system's keychain alone opens (base64). */
type StoredSecrets = Readonly<Record<string, string>>;

interface SecretList {
  readonly blobs: StoredSecrets;
}

export const secretsRecord: RecordKind<SecretList> = {
  name: 'list of keys',
  version: 1,
  schema: z.object({ blobs: z.record(secretNameSchema, z.base64()) }),
  steps: [],
};

export const firstSecrets: SecretList = { blobs: {} };

export interface DesktopSecretsOptions {
  readonly encryption: Encryption;
  /** `secrets.json` beside the window's state; what a later studio keeps there is left as it is. */
  readonly store: JsonStore<SecretList>;
  /** Told all keys there are after every change. */
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
  readonly note: (message: string) => void;
}

/**
 * Keys of other programs, kept through the system's keychain and handed to the core alone. Ask only once Electron is ready.
 * The page can set and forget them, and never read one.
 */
export class DesktopSecrets {
  readonly #options: DesktopSecretsOptions;

  constructor(options: DesktopSecretsOptions) {
    this.#options = options;
  }

  get state(): KeychainState {
    const { encryption } = this.#options;
    if (!encryption.isEncryptionAvailable()) return 'none';
    return encryption.getSelectedStorageBackend?.() === 'basic_text' ? 'weak' : 'safe';
  }

  /** All that this keychain opens. One of another account or machine stays shut and is left as it is. */
  read(): Record<string, string> {
    const { encryption, note, store } = this.#options;
    const { blobs } = store.read();
    if (Object.keys(blobs).length === 0 || this.state === 'none') return {};
    const opened = Object.entries(blobs).flatMap(([name, blob]): [string, string][] => {
      try {
        return [[name, encryption.decryptString(Buffer.from(blob, 'base64'))]];
      } catch {
        note('A key could not be opened with this keychain; it has to be set again.');
        return [];
      }
    });
    return Object.fromEntries(opened);
  }

  /**
   * Keeps a key.
   * @throws StudioError `secret-unsafe` where there is no keychain, or a weak one and nobody accepted that; `record-newer`
   */
  set({ name, value, acceptsWeak }: NewSecret): void {
    const { state } = this;
    if (state === 'none' || (state === 'weak' && !acceptsWeak)) {
      throw new StudioError(
        'secret-unsafe',
        'This system has no keychain that would keep the key from other programs, so it was not kept.',
        `Install one (GNOME Keyring or KWallet), or set DEDIFFUSION_SECRET_${name.toUpperCase().replaceAll('-', '_')} in the environment.`,
        { name, keychain: state },
      );
    }
    const blob = this.#options.encryption.encryptString(value).toString('base64');
    this.#write({ ...this.#options.store.read().blobs, [name]: blob });
  }

  /** Throws StudioError `record-newer`. */
  forget(name: string): void {
    this.#write(Object.fromEntries(Object.entries(this.#options.store.read().blobs).filter(([other]) => other !== name)));
  }

  #write(blobs: StoredSecrets): void {
    this.#options.store.write({ blobs });
    this.#options.onChange(this.read());
  }
}
