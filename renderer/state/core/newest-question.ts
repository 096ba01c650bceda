/** Tells the answer to the newest question from answers to earlier ones, which come too late and are not taken. */
export class NewestQuestion {
  #asked = 0;

  /** A new question: answers to earlier ones are out of date from now on. @returns true as long as nothing newer was asked */
  ask(): () => boolean {
    this.#asked += 1;
    return this.last();
  }

  /** One more answer to the question asked last, for what is answered in parts. */
  last(): () => boolean {
    const mine = this.#asked;
    return () => mine === this.#asked;
  }
}
