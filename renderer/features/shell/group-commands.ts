import type { Command } from '../../state/frame/command.ts';
import type { PlaceName } from '../../state/frame/place.svelte.ts';

export interface CommandGroup {
  /** Null: they work everywhere. */
  readonly place: PlaceName | null;
  readonly commands: readonly Command[];
}

/** Commands by the first place they apply to, in the order of the list. Commands that share an id share their keys, and so one line. */
export function groupCommands(commands: readonly Command[]): readonly CommandGroup[] {
  const byId = [...new Map(commands.toReversed().map((command) => [command.id, command])).values()].reverse();
  const groups = new Map<PlaceName | null, Command[]>();
  for (const command of byId) {
    const place = command.where === 'everywhere' ? null : (command.where[0] ?? null);
    groups.set(place, [...(groups.get(place) ?? []), command]);
  }
  return [...groups].map(([place, list]) => ({ place, commands: list }));
}
