import type { Preferences } from './preferences.svelte.ts';

/** How the page looks and moves: what the person chose, or what their system asks for. */
export class Appearance {
  readonly #preferences: Preferences;
  #systemContrast = $state(false);
  #systemStill = $state(false);

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  /** Dark or light; null leaves it to the system. */
  get theme(): 'dark' | 'light' | null {
    const { theme } = this.#preferences.values;
    return theme === 'system' ? null : theme;
  }

  get highContrast(): boolean {
    return this.#preferences.values.contrast === 'more' || this.#systemContrast;
  }

  get reducedMotion(): boolean {
    return this.#preferences.values.motion === 'reduce' || this.#systemStill;
  }

  /** Follows what the system asks for; returns the way to stop. */
  watchSystem(): () => void {
    const contrast = matchMedia('(prefers-contrast: more)');
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    const read = (): void => {
      this.#systemContrast = contrast.matches;
      this.#systemStill = still.matches;
    };
    read();
    contrast.addEventListener('change', read);
    still.addEventListener('change', read);
    return () => {
      contrast.removeEventListener('change', read);
      still.removeEventListener('change', read);
    };
  }
}
