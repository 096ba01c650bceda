import { onTestFailed } from 'vitest';
import { randomSource } from './random-source.ts';

/**
 * Numbers in 0..1 for one test: other ones at each run, and those of a failed run again where `DEDIFFUSION_TEST_SEED` is what that run
 * printed. For a test that kills a process the machine's own timing stays; the moments of the kills and the work in between come back.
 */
export function repeatableRandom(): () => number {
  const given = process.env['DEDIFFUSION_TEST_SEED'];
  const seed = given === undefined ? drawSeed(Math.random) : Number(given);
  if (!Number.isInteger(seed)) throw new Error(`DEDIFFUSION_TEST_SEED is a whole number, and not ${String(given)}.`);
  onTestFailed(() => console.error(`To run this again as it was: DEDIFFUSION_TEST_SEED=${seed}`));
  return randomSource(seed);
}

/** A seed for a source of its own. */
export const drawSeed = (random: () => number): number => Math.floor(random() * 2 ** 32);

/** The environment of a process that is to draw numbers of its own: `inheritedRandom` reads them. */
export const withSeed = (env: NodeJS.ProcessEnv, random: () => number): NodeJS.ProcessEnv => ({
  ...env,
  DEDIFFUSION_TEST_SEED: String(drawSeed(random)),
});
