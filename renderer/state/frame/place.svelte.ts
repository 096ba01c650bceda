import type { PlaceName } from './place-names.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Where in the studio the person is. Remembered, so that a reload returns there. */
export class Place {
  readonly #preferences: Preferences;
  /** A value of its own each time, so that asking twice for one section shows it twice. */
  #target: { readonly section: string | null } = $state.raw({ section: null });

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  get current(): PlaceName {
    return this.#preferences.values.place;
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
