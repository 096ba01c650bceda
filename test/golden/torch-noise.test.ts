import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TorchGenerator } from '../../main/tensor/seeded-noise.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const numbers = z.array(z.number());
const golden = readGolden(
  'torch-noise',
  z.object({
    seed: z.number(),
    draws: z.array(z.object({ length: z.number(), first: numbers, last: numbers, sum: z.number() })),
  }),
);

describe('seeded noise equals torch.randn', () => {
  for (const { seed, draws } of golden.cases) {
    it(`seed ${seed}, draws of ${draws.map((draw) => draw.length).join(', ')}`, () => {
      const generator = new TorchGenerator(seed);
      for (const draw of draws) {
        const values = generator.randn(draw.length);
        expect(largestDifference(values.slice(0, 24), draw.first)).toBeLessThan(golden.tolerance);
        expect(largestDifference(values.slice(-24), draw.last)).toBeLessThan(golden.tolerance);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(Math.abs(sum - draw.sum) / draw.length).toBeLessThan(golden.tolerance);
      }
    });
  }
});
