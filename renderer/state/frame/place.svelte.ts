import type { Preferences } from './preferences.svelte.ts';

/** The name a workspace registered itself by. */
export type PlaceName = string;

/** Where in the studio the person is. Remembered, so that a reload returns there. */
export class Place {
  readonly #preferences: Preferences;
  #names: readonly PlaceName[] = $state.raw([]);
  /** A value of its own each time, so that asking twice for one section shows it twice. */
  #target: { readonly section: string | null } = $state.raw({ section: null });

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  /** The places there are, the first one first. */
  register(names: readonly PlaceName[]): void {
    this.#names = names;
  }

  /** The first place where the one that was remembered is no longer there. */
  get current(): PlaceName {
    const { place } = this.#preferences.values;
    return this.#names.includes(place) ? place : (this.#names[0] ?? place);
  }

  /** The part of the place to bring in sight, such as `memory` of the settings; null for its beginning. */
  get section(): string | null {
    return this.#target.section;
  }

  show(place: PlaceName, section: string | null = null): void {
    this.#target = { section };
    if (place !== this.current) this.#preferences.set({ place });
  }
}
