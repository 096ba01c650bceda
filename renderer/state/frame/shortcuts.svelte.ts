import type { Command } from './command.ts';
import { appliesAt } from './command.ts';
import { describeKeys } from './describe-keys.ts';
import { matchKeys, writesKey } from './match-keys.ts';
import type { Place } from './place.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import { sameKeys } from './same-keys.ts';

/** The ways back to everything else: they always have keys. */
const keptCommands: readonly string[] = ['show-palette', 'show-settings', 'cancel-job'];

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

  /** True when at least one command has keys that are not its own. */
  get changed(): boolean {
    return this.#commands.some(({ id }) => this.isChanged(id));
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

  /**
   * The command that a press asks for where the person is; null when there is none. Where a sign stands on a letter's place
   * (a comma on the M of a French keyboard), the command of the sign goes first.
   */
  match(event: KeyboardEvent): Command | null {
    const asked = this.#commands.filter((command) => {
      const keys = this.keysOf(command);
      return keys !== null && appliesAt(command, this.#place.current) && matchKeys(event, keys, this.mac);
    });
    return asked.find((command) => writesKey(event, this.keysOf(command) ?? '')) ?? asked[0] ?? null;
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

  isChanged(id: string): boolean {
    return this.#preferences.values.shortcuts[id] !== undefined;
  }

  /** False for a command whose keys can be changed and not taken away. */
  canBeWithout(id: string): boolean {
    return !keptCommands.includes(id);
  }

  /** Another command with these keys in a place where this one applies too; null when the keys are free. */
  takenBy(keys: string, command: Command): Command | null {
    return (
      this.#commands.find((other) => {
        if (other.id === command.id || !meet(other, command)) return false;
        const others = this.keysOf(other);
        return others !== null && sameKeys(others, keys);
      }) ?? null
    );
  }

  /** Gives a command keys, or none with null. A command that had them loses them; one that must have keys keeps them, and nothing changes. */
  change(command: Command, keys: string | null): boolean {
    if (keys === null && !this.canBeWithout(command.id)) return false;
    const other = keys === null ? null : this.takenBy(keys, command);
    if (other !== null && !this.canBeWithout(other.id)) return false;
    const shortcuts = { ...this.#preferences.values.shortcuts };
    if (other !== null) shortcuts[other.id] = null;
    if (keys === command.keys) Reflect.deleteProperty(shortcuts, command.id);
    else shortcuts[command.id] = keys;
    this.#preferences.set({ shortcuts });
    return true;
  }

  /** Back to a command's own keys. Whoever has them now loses them, or nothing changes where that cannot be. */
  reset(command: Command): boolean {
    return this.change(command, command.keys);
  }

  resetAll(): void {
    this.#preferences.set({ shortcuts: {} });
  }
}

function meet(a: Command, b: Command): boolean {
  if (a.where === 'everywhere' || b.where === 'everywhere') return true;
  const { where } = b;
  return a.where.some((place) => where.includes(place));
}
