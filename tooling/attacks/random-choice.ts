/** Numbers that look random and are the same for the same seed (mulberry32), 0 to below 1. */
export class RandomChoice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  of<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('nothing to choose from');
    return value;
  }
}

/** What nobody expects where a value should stand. */
export const nastyValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  3.5,
  1e9,
  2 ** 53 + 2,
  -1e308,
  '',
  '9007199254740993',
  '../../../etc/passwd',
  '/etc/passwd',
  'C:\\windows',
  'a\u0000b',
  '\ud800',
  'x'.repeat(100_000),
  [],
  {},
  [[[]]],
];
