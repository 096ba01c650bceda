import type { Command } from './command.ts';
import { appliesAt } from './command.ts';
import { describeKeys } from './describe-keys.ts';
import type { Place } from './place.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Every command and the keys it has now: its own, or those the person gave it. */
export class Shortcuts {
  #commands: readonly Command[] = $state.raw([]);
  readonly #preferences: Preferences;
  readonly #place: Place;
  readonly mac: boolean;

  constructor(preferences: Preferences, place: Place, mac: boolean) {
    this.#preferences = preferences;
    this.#place = place;
    this.mac = mac;
  }

  register(commands: readonly Command[]): void {
    this.#commands = commands;
  }

  get commands(): readonly Command[] {
    return this.#commands;
  }

  /** The command of an id that applies where the person is; null when there is none. */
  find(id: string): Command | null {
    return this.#commands.find((command) => command.id === id && appliesAt(command, this.#place.current)) ?? null;
  }

  /** Runs a command if it applies here and nothing hinders it. False when it did not run. */
  run(id: string): boolean {
    const command = this.find(id);
    if (command === null || (command.whyNot?.() ?? null) !== null) return false;
    command.run();
    return true;
  }

  keysOf(command: Command): string | null {
    const own = this.#preferences.values.shortcuts[command.id];
    return own === undefined ? command.keys : own;
  }

  /** The keys of a command as a person reads them, such as `Ctrl Shift C`; empty when it has none. */
  describe(id: string): string {
    const command = this.#commands.find((one) => one.id === id);
    const keys = command === undefined ? null : this.keysOf(command);
    return keys === null ? '' : describeKeys(keys, this.mac);
  }
}
