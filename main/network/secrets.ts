import { StudioError } from '../../contract/errors.ts';
import { secretNameSchema } from '../../contract/outside/network.ts';
import type { SecretState } from '../../contract/outside/network.ts';
import { hideKeys, hubKeyVariable, keyVariablePrefix } from '../running/known-keys.ts';
import type { Environment } from './choose-proxy.ts';

/** The key of the model hub. */
export const HUB_SECRET = 'hugging-face';

/**
 * The keys of other programs and machines: from the environment, and from the desktop's keychain, which hands them to this process
 * alone. They stay in memory: no file, log, error, page or recipe learns more than that one is set.
 */
export class Secrets {
  readonly #environment: ReadonlyMap<string, string>;
  #keychain: ReadonlyMap<string, string> = new Map();

  /** `DEDIFFUSION_SECRET_MY_SERVER` is the key `my-server`; `HF_TOKEN` is the hub's where that is not named so. */
  constructor(environment: Environment) {
    const entries = Object.entries(environment).flatMap(([variable, value]): [string, string][] => {
      if (!variable.startsWith(keyVariablePrefix) || value === undefined || value === '') return [];
      const name = variable.slice(keyVariablePrefix.length).toLowerCase().replaceAll('_', '-');
      return secretNameSchema.safeParse(name).success ? [[name, value]] : [];
    });
    const hubToken = environment[hubKeyVariable]?.trim() ?? '';
    this.#environment = new Map([...(hubToken === '' ? [] : [[HUB_SECRET, hubToken] as const]), ...entries]);
  }

  /** What the keychain holds, whole: it takes the place of what was handed over before. */
  takeKeychain(values: Readonly<Record<string, string>>): void {
    this.#keychain = new Map(Object.entries(values));
  }

  /** That they are set, and where from. The environment goes first: it was set for this start. */
  list(): SecretState[] {
    const names = new Set([...this.#environment.keys(), ...this.#keychain.keys()]);
    return [...names].sort().map((name) => ({ name, from: this.#environment.has(name) ? 'environment' : 'keychain' }));
  }

  has(name: string): boolean {
    return this.#environment.has(name) || this.#keychain.has(name);
  }

  /** Throws StudioError `secret-missing`. */
  read(name: string): string {
    const value = this.#environment.get(name) ?? this.#keychain.get(name);
    if (value !== undefined) return value;
    const variable = `${keyVariablePrefix}${name.toUpperCase().replaceAll('-', '_')}`;
    const hint = `Set it in Settings → Privacy of the desktop program, or in the environment as ${variable}.`;
    throw new StudioError('secret-missing', `The key ${name} is not set.`, hint, { name, variable });
  }

  /** The text without any of the keys, for whatever is written down. */
  redact(text: string): string {
    return hideKeys(text, [...this.#environment.values(), ...this.#keychain.values()]);
  }
}
