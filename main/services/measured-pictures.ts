/** Some hundred bytes a text: a few megabytes at most. */
const kept = 5000;

/**
 * Fidelities that were measured since the studio started, by everything that decides them: pack, text, seed, settings and
 * original. A word that is put back, or a job that starts again after a crash, draws nothing twice.
 */
export class MeasuredPictures {
  /** In order of use, the newest last. */
  readonly #fidelities = new Map<string, number>();

  find(key: string): number | null {
    const fidelity = this.#fidelities.get(key);
    if (fidelity === undefined) return null;
    this.#fidelities.delete(key);
    this.#fidelities.set(key, fidelity);
    return fidelity;
  }

  keep(key: string, fidelity: number): void {
    this.#fidelities.set(key, fidelity);
    const [oldest] = this.#fidelities.keys();
    if (this.#fidelities.size > kept && oldest !== undefined) this.#fidelities.delete(oldest);
  }
}
