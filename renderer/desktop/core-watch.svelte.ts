import type { CoreState } from '../../contract/desktop.ts';

/** How the desktop program says its core fares. In a browser nobody says: the state stays null. */
export class CoreWatch {
  #state: CoreState | null = $state.raw(null);
  #sinceMs = $state(0);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): CoreState | null {
    return this.#state;
  }

  /** When a core that is to be started again is started, or null. */
  get restartAtMs(): number | null {
    return this.#state?.type === 'restarting' ? this.#sinceMs + this.#state.inMs : null;
  }

  set(state: CoreState): void {
    this.#sinceMs = this.#now();
    this.#state = state;
  }
}
