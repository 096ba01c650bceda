import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulerNameSchema } from '../../contract/recipe.ts';
import { createScheduler } from '../../main/text-to-image/schedulers/create-scheduler.ts';
import { schedulerConfigSchema } from '../../main/text-to-image/schedulers/scheduler-config.ts';
import type { Scheduler } from '../../main/text-to-image/schedulers/scheduler.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const golden = readGolden(
  'schedulers',
  z.object({
    name: schedulerNameSchema,
    config: z.record(z.string(), z.unknown()),
    steps: z.number(),
    options: z.object({
      eta: z.number().optional(),
      strength: z.number().optional(),
      patches: z.number().optional(),
      even: z.boolean().default(false),
    }),
    initial: z.number(),
    timesteps: z.array(z.number()),
    /** In a flow's terms, or σ / α; empty for those that have a table of ᾱ. */
    sigmas: z.array(z.number()),
    states: z.array(z.number()),
  }),
);

/** The noise level a step begins at. */
function levelOf(scheduler: Scheduler, step: number, isFlow: boolean): number {
  const [clean, noised] = [Float32Array.of(1), Float32Array.of(0)];
  scheduler.addNoise(clean, Float32Array.of(0), step);
  scheduler.addNoise(noised, Float32Array.of(1), step);
  return (noised[0] ?? 0) / (isFlow ? 1 : (clean[0] ?? 1));
}

describe('schedulers equal those of diffusers', () => {
  for (const { name, config, steps, options, initial, timesteps, sigmas, states } of golden.cases) {
    const told = Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'beta_start' && key !== 'beta_end'));
    it(`${name}, ${steps} steps, ${JSON.stringify({ ...told, ...options })}`, () => {
      const { eta, strength, patches, even } = options;
      const scheduler = createScheduler(name, schedulerConfigSchema.parse(config), {
        steps,
        ...(eta === undefined ? {} : { eta }),
        ...(strength === undefined ? {} : { strength }),
        ...(patches === undefined ? {} : { flow: { patches, evenLevels: even } }),
      });
      expect(largestDifference(scheduler.timesteps, timesteps)).toBeLessThan(0.01);
      expect(Math.abs(scheduler.initNoiseSigma / initial - 1)).toBeLessThan(golden.tolerance);
      const levels = scheduler.timesteps.map((_, step) => levelOf(scheduler, step, name === 'flow-match-euler'));
      for (const [step, level] of sigmas.length === 0 ? [] : levels.entries()) {
        // diffusers keeps the ends of a step twice where the studio keeps its middle.
        if (!name.startsWith('dpmpp-sde') || step % 2 === 0) expect(level / (sigmas[step] ?? 0)).toBeCloseTo(1, 4);
      }
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
