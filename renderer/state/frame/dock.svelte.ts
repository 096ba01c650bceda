import type { DockPanel, Preferences } from './preferences.svelte.ts';

/** The one place beside pictures and words where everything that speaks of them opens. It takes room and covers nothing. */
export class Dock {
  /** A person asked for the panel just now, so the focus goes there; not when it is only found again at a start. */
  #asked = $state(false);
  readonly #preferences: Preferences;

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  get open(): DockPanel | null {
    return this.#preferences.values.dock;
  }

  show(panel: DockPanel): void {
    this.#asked = true;
    if (this.open !== panel) this.#preferences.set({ dock: panel });
  }

  toggle(panel: DockPanel): void {
    if (this.open === panel) this.close();
    else this.show(panel);
  }

  close(): void {
    this.#asked = false;
    if (this.open !== null) this.#preferences.set({ dock: null });
  }

  /** True from when a person asks for the panel until it has taken the focus. */
  get asked(): boolean {
    return this.#asked;
  }

  tookFocus(): void {
    this.#asked = false;
  }
}
