/** What was found wrong with a library when it was opened and since, one sentence each. */
export class LibraryFindings {
  readonly #problems: string[] = [];
  readonly #repairs: string[] = [];

  /** All of it, what was mended among it: for the log and `doctor`. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** What was damaged and is made again: a person is told, because what looks other than before then has its reason. */
  get repairs(): readonly string[] {
    return this.#repairs;
  }

  /** Something that nobody but a person can mend. */
  add(...problems: readonly string[]): void {
    this.#problems.push(...problems);
  }

  mended(repair: string): void {
    this.#problems.push(repair);
    this.#repairs.push(repair);
  }
}
