import { StudioError } from '../../contract/errors.ts';
import { secretNameSchema } from '../../contract/outside/network.ts';
import type { SecretState } from '../../contract/outside/network.ts';
import type { Environment } from './choose-proxy.ts';

const prefix = 'DEDIFFUSION_SECRET_';
/** Where other programs of the model hub keep its token. */
const hubVariable = 'HF_TOKEN';
/** The key of the model hub. */
export const HUB_SECRET = 'hugging-face';
/** Shorter ones would blacken ordinary words in the log. */
const shortestHidden = 6;

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
      if (!variable.startsWith(prefix) || value === undefined || value === '') return [];
      const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
      return secretNameSchema.safeParse(name).success ? [[name, value]] : [];
    });
    const hubToken = environment[hubVariable]?.trim() ?? '';
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
    const variable = `${prefix}${name.toUpperCase().replaceAll('-', '_')}`;
    const hint = `Set it in Settings → Privacy of the desktop program, or in the environment as ${variable}.`;
    throw new StudioError('secret-missing', `The key ${name} is not set.`, hint, { name, variable });
  }

  /** The text without any of the keys, for whatever is written down. */
  redact(text: string): string {
    const values = [...this.#environment.values(), ...this.#keychain.values()].filter((value) => value.length >= shortestHidden);
    // The longest first: one key may begin with another.
    return values.sort((a, b) => b.length - a.length).reduce((redacted, value) => redacted.replaceAll(value, '•••'), text);
  }
}

/** The environment for a process that has no business with keys. */
export function withoutSecrets(environment: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith(prefix) && name !== hubVariable));
}
