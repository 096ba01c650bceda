type Step = () => Promise<void> | void;

/** What has to be given back, newest first. */
export class ClosingList {
  readonly #steps: Step[] = [];

  add(step: Step): void {
    this.#steps.unshift(step);
  }

  /** Takes every step, whatever becomes of the others; the first failure is thrown at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0)) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
