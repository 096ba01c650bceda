import { randomSource } from './random-source.ts';

/** In a process that a test starts to kill it: the numbers of the seed that `withSeed` gave it, or of 0 where none was given. */
export const inheritedRandom = (): (() => number) => randomSource(Number(process.env['DEDIFFUSION_TEST_SEED'] ?? 0));
