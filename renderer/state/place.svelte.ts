import type { PlaceName } from './place-names.ts';
import type { Preferences } from './preferences.svelte.ts';

/** Where in the studio the person is. Remembered, so that a reload returns there. */
export class Place {
  readonly #preferences: Preferences;

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  get current(): PlaceName {
    return this.#preferences.values.place;
  }

  show(place: PlaceName): void {
    if (place !== this.current) this.#preferences.set({ place });
  }
}
