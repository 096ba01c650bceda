import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulerNameSchema } from '../../contract/recipe.ts';
import { createScheduler } from '../../main/text-to-image/schedulers/create-scheduler.ts';
import { schedulerConfigSchema } from '../../main/text-to-image/schedulers/scheduler-config.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const golden = readGolden(
  'schedulers',
  z.object({
    name: schedulerNameSchema,
    config: z.record(z.string(), z.unknown()),
    steps: z.number(),
    options: z.object({ eta: z.number().optional(), strength: z.number().optional() }),
    initial: z.number(),
    timesteps: z.array(z.number()),
    states: z.array(z.number()),
  }),
);

describe('schedulers equal those of diffusers', () => {
  for (const { name, config, steps, options, initial, timesteps, states } of golden.cases) {
    const told = Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'beta_start' && key !== 'beta_end'));
    it(`${name}, ${steps} steps, ${JSON.stringify({ ...told, ...options })}`, () => {
      const { eta, strength } = options;
      const scheduler = createScheduler(name, schedulerConfigSchema.parse(config), {
        steps,
        ...(eta === undefined ? {} : { eta }),
        ...(strength === undefined ? {} : { strength }),
      });
      expect(largestDifference(scheduler.timesteps, timesteps)).toBeLessThan(0.01);
      expect(Math.abs(scheduler.initNoiseSigma / initial - 1)).toBeLessThan(golden.tolerance);
      const sample = Float32Array.of(scheduler.initNoiseSigma);
      const input = new Float32Array(1);
      const walked = scheduler.timesteps.map((timestep, step) => {
        scheduler.scaleModelInput(sample, step, input);
        const output = Float32Array.of(0.3 * (input[0] ?? 0) + 0.2 * Math.sin(timestep / 100));
        scheduler.step(output, sample, step, () => Float32Array.of(0.5));
        return sample[0] ?? Number.NaN;
      });
      const scale = Math.max(1, ...states.map(Math.abs));
      // diffusers subtracts in float32 from a state that begins at initNoiseSigma, 4096 with zero terminal SNR.
      const floatRounding = initial * 2 ** -23;
      expect(largestDifference(walked, states)).toBeLessThan(golden.tolerance * scale + floatRounding);
    });
  }
});
