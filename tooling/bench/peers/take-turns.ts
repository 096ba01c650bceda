import { median } from '../bench-row.ts';

/** Whoever does one and the same piece of work. */
export interface Contestant {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** Each once to warm up, then in turns; the median of the seconds of each, by name. */
export async function takeTurns(contestants: readonly Contestant[], rounds: number): Promise<Readonly<Record<string, number>>> {
  for (const { work } of contestants) await work();
  const seconds = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, work } of contestants) {
      const startedMs = performance.now();
      await work();
      seconds.get(name)?.push((performance.now() - startedMs) / 1000);
    }
  }
  return Object.fromEntries([...seconds].map(([name, values]) => [name, median(values)]));
}
