import type { PlaceName } from './place.svelte.ts';

/** One thing a person can do: by key, from the palette, or from a menu of the desktop program. */
export interface Command {
  /** The desktop's menu id where there is one. Two commands may share an id in different places: then they share the keys. */
  readonly id: string;
  /** What a person reads, in the page’s language. */
  readonly name: () => string;
  /** Such as `Mod+Shift+C`, `Alt+1`, `?`; `Mod` is Cmd on a Mac and Ctrl elsewhere. Null: no key until a person gives it one. */
  readonly keys: string | null;
  readonly where: 'everywhere' | readonly PlaceName[];
  /** Works while a person writes. The others would take letters and arrows away from the text. */
  readonly whileWriting: boolean;
  /** Runs again and again while the key is held. */
  readonly repeats?: boolean;
  readonly run: () => void;
  /** When the key is let go: for commands that last while it is held. */
  readonly release?: () => void;
  /** Why it cannot run now, in a short sentence; null when it can. Absent: it always can. */
  readonly whyNot?: () => string | null;
}

/** True where a command applies. */
export function appliesAt(command: Command, place: PlaceName): boolean {
  return command.where === 'everywhere' || command.where.includes(place);
}
