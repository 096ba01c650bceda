import { expect, it } from 'vitest';
import { waitForRetry } from '../../../main/writers/wait-for-retry.ts';

const quiet = new AbortController().signal;

/** How long it waited, in milliseconds. */
async function waited(headers: Readonly<Record<string, string>>, retries = 0): Promise<number> {
  const started = performance.now();
  expect(await waitForRetry({ status: 503, headers }, retries, quiet)).toBe(true);
  return performance.now() - started;
}
const inMs = (ms: number): Readonly<Record<string, string>> => ({ 'retry-after': new Date(Date.now() + ms).toUTCString() });

it('waits longer each time where the server names none, else until the seconds or the date that it names', async () => {
  const [first, second, half, date, past] = await Promise.all([
    waited({}),
    waited({}, 1),
    waited({ 'retry-after': '0.5' }),
    waited(inMs(4_000)),
    waited(inMs(-60_000)),
  ]);
  // Timers may come a moment early; a date has whole seconds.
  expect(first).toBeGreaterThan(990);
  expect(second).toBeGreaterThan(1_990);
  expect(half).toBeGreaterThan(490);
  expect(date).toBeGreaterThan(2_900);
  expect([past, half, first, second, date]).toEqual([past, half, first, second, date].toSorted((one, other) => one - other));
});

it('waits for nothing where trying again is of no use, and no longer than somebody listens', async () => {
  const retry = (status: number, retries: number, headers = {}) => waitForRetry({ status, headers }, retries, quiet);
  expect(await Promise.all([retry(400, 0), retry(401, 0), retry(503, 2), retry(429, 0, inMs(120_000))])).toEqual(
    Array.from({ length: 4 }, () => false),
  );
  const stop = new AbortController();
  const waiting = waitForRetry({ status: 429, headers: { 'retry-after': '50' } }, 0, stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
