import { expect, it } from 'vitest';
import { mapAhead } from '../../../main/running/map-ahead.ts';

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) {
    await Promise.resolve();
    taken.push(number);
    yield number;
  }
}

async function collect(results: AsyncIterable<number>): Promise<number[]> {
  const found: number[] = [];
  for await (const result of results) found.push(result);
  return found;
}

it.each([1, 3, 100])('gives results in order, with %i in work at most', async (atOnce) => {
  let inWork = 0;
  let most = 0;
  const work = async (number: number): Promise<number> => {
    inWork += 1;
    most = Math.max(most, inWork);
    // Later ones are done first.
    for (let turns = 10 - number; turns > 0; turns -= 1) await Promise.resolve();
    inWork -= 1;
    return number * 2;
  };
  expect(await collect(mapAhead(numbers(10), atOnce, work))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(most).toBeLessThanOrEqual(atOnce);
  expect(most).toBeGreaterThanOrEqual(Math.min(atOnce, 3));
});

it('begins nothing before it is asked for, when one is in work at a time', async () => {
  const taken: number[] = [];
  const results = mapAhead(numbers(5, taken), 1, (number) => Promise.resolve(number));
  await results.next();
  await results.next();
  expect(taken).toEqual([0, 1]);
});

it('throws what the work throws in its place, and what is still in work then ends unheard', async () => {
  const work = (number: number): Promise<number> =>
    number === 0 ? Promise.resolve(0) : Promise.reject(new Error(`work ${number}`));
  const found: number[] = [];
  const read = async (): Promise<void> => {
    for await (const result of mapAhead(numbers(5), 3, work)) found.push(result);
  };
  await expect(read()).rejects.toThrow('work 1');
  expect(found).toEqual([0]);
});
