import { describe, expect, it } from 'vitest';
import { readSchedulerName, schedulerNameSchema } from '../../../contract/recipe.ts';
import type { SchedulerName } from '../../../contract/recipe.ts';
import { betaQuantile } from '../../../main/text-to-image/schedulers/beta-quantile.ts';
import { createScheduler } from '../../../main/text-to-image/schedulers/create-scheduler.ts';
import { cumulativeAlphas, sigmaTable, usualBetas } from '../../../main/text-to-image/schedulers/noise-schedule.ts';
import { nameScheduler } from '../../../main/text-to-image/schedulers/name-scheduler.ts';
import { schedulerConfigSchema } from '../../../main/text-to-image/schedulers/scheduler-config.ts';
import { timestepOfSigma } from '../../../main/text-to-image/schedulers/shape-sigmas.ts';

const stable = schedulerConfigSchema.parse({
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  steps_offset: 1,
  clip_sample: false,
  set_alpha_to_one: false,
});

describe('noise schedule', () => {
  it('has the landmarks of Stable Diffusion', () => {
    const cumulative = cumulativeAlphas(stable, usualBetas);
    const landmarks = {
      0: 0.99914998,
      1: 0.99829602,
      249: 0.67543209,
      499: 0.27766943,
      749: 0.05662345,
      981: 0.0057755,
      999: 0.0046601,
    };
    for (const [timestep, alpha] of Object.entries(landmarks)) expect(cumulative[Number(timestep)]).toBeCloseTo(alpha, 7);
    const sigmas = sigmaTable(cumulative);
    expect(sigmas[999]).toBeCloseTo(14.614647, 5);
    expect(timestepOfSigma(sigmas, sigmas[500] ?? 0)).toBeCloseTo(500, 4);
    expect(timestepOfSigma(sigmas, 1000)).toBe(999);
    expect(timestepOfSigma(sigmas, 0)).toBe(0);
  });

  it('reaches zero signal when rescaled, and keeps its start', () => {
    const plain = cumulativeAlphas(stable, usualBetas);
    const rescaled = cumulativeAlphas({ ...stable, rescaleBetasZeroSnr: true }, usualBetas);
    expect(rescaled.at(-1)).toBe(0);
    expect(rescaled[0]).toBeCloseTo(plain[0] ?? 0, 12);
    expect(sigmaTable(rescaled).at(-1)).toBeCloseTo(4096, 0);
  });
});

describe('betaQuantile', () => {
  it('is symmetric, exact for the uniform distribution and known at landmarks', () => {
    expect(betaQuantile(0.3, 1)).toBeCloseTo(0.3, 12);
    expect(betaQuantile(0.5, 0.6)).toBeCloseTo(0.5, 12);
    expect(betaQuantile(0.2, 0.6) + betaQuantile(0.8, 0.6)).toBeCloseTo(1, 12);
    // The arcsine distribution, a = ½: sin²(π·share/2).
    expect(betaQuantile(0.25, 0.5)).toBeCloseTo(Math.sin(Math.PI / 8) ** 2, 12);
    expect(betaQuantile(0, 0.6)).toBeCloseTo(0, 12);
    expect(betaQuantile(1, 0.6)).toBe(1);
  });
});

const flow = schedulerConfigSchema.parse({ _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 });

/** Runs of the denoiser for 20 steps. */
function runsOf(name: SchedulerName): number {
  const { kind } = readSchedulerName(name);
  if (kind === 'heun' || kind === 'dpmpp-sde') return 39;
  return kind === 'pndm' ? 21 : 20;
}

describe('createScheduler', () => {
  const skipping = { ...stable, skipPrkSteps: true };
  for (const name of schedulerNameSchema.options) {
    it(`${name}: plans the steps asked for, from noisy to clean`, () => {
      const config = name === 'flow-match-euler' ? flow : skipping;
      const { timesteps, firstStep } = createScheduler(name, config, { steps: 20 });
      expect(timesteps).toHaveLength(runsOf(name));
      expect(firstStep).toBe(0);
      expect(timesteps.every((timestep, index) => index === 0 || timestep <= (timesteps[index - 1] ?? 0))).toBe(true);
    });

    if (name === 'flow-match-euler') continue;
    it(`${name}: a perfect model's previews are the clean latents at every step, and its end is near them`, () => {
      const clean = Float32Array.from({ length: 8 }, (_, index) => Math.sin(index));
      const scheduler = createScheduler(name, { ...skipping, predictionType: 'sample' }, { steps: 10 });
      const sample = Float32Array.from({ length: 8 }, (_, index) => Math.cos(index * 3) * scheduler.initNoiseSigma);
      const preview = new Float32Array(8);
      for (const step of scheduler.timesteps.keys()) {
        scheduler.predictOriginal(clean, sample, step, preview);
        expect(preview).toEqual(clean);
        scheduler.step(clean.slice(), sample, step, () => new Float32Array(8));
      }
      for (const [index, value] of sample.entries()) expect(value).toBeCloseTo(clean[index] ?? 0, 1);
    });
  }

  it('flow-match-euler: a perfect model walks straight to the clean latents', () => {
    const scheduler = createScheduler('flow-match-euler', flow, { steps: 7 });
    const sample = Float32Array.of(0.5);
    const preview = new Float32Array(1);
    for (const step of scheduler.timesteps.keys()) {
      scheduler.predictOriginal(Float32Array.of(0.5 - 2), sample, step, preview);
      expect(preview[0]).toBeCloseTo(2, 5);
      scheduler.step(Float32Array.of(0.5 - 2), sample, step, () => new Float32Array(1));
    }
    expect(sample[0]).toBeCloseTo(2, 5);
  });

  it('keeps flows and other models apart', () => {
    expect(() => createScheduler('euler', flow, { steps: 4 })).toThrow(
      expect.objectContaining({ code: 'scheduler-unknown', hint: 'Choose flow-match-euler.' }),
    );
    const trained = { ...stable, className: 'DDIMScheduler' };
    expect(() => createScheduler('flow-match-euler', trained, { steps: 4 })).toThrow(
      expect.objectContaining({ code: 'scheduler-unknown', message: 'flow-match-euler is for models trained as flows.' }),
    );
  });

  it('begins second order steps whole', () => {
    expect(createScheduler('heun', stable, { steps: 10, strength: 0.6 }).firstStep).toBe(8);
    expect(createScheduler('dpmpp-sde', stable, { steps: 10, strength: 0 }).firstStep).toBe(19);
  });

  it('says how many steps PNDM needs for its start', () => {
    expect(() => createScheduler('pndm', stable, { steps: 3 })).toThrow(
      expect.objectContaining({ code: 'bad-request', details: { steps: 3 } }),
    );
  });

  it('walks the last part of the way for an initial picture', () => {
    expect(createScheduler('ddim', stable, { steps: 10, strength: 0.6 }).firstStep).toBe(4);
    expect(createScheduler('euler', stable, { steps: 10, strength: 0.05 }).firstStep).toBe(10);
    expect(createScheduler('dpmpp-2m', stable, { steps: 3, strength: 1 }).firstStep).toBe(0);
    expect(createScheduler('lcm', stable, { steps: 4, strength: 0.5 })).toMatchObject({
      firstStep: 0,
      timesteps: [499, 379, 259, 139],
    });
  });

  it('says how many steps LCM can take', () => {
    expect(() => createScheduler('lcm', stable, { steps: 51 })).toThrow(
      expect.objectContaining({ code: 'bad-request', message: 'This scheduler can take at most 50 steps here, not 51.' }),
    );
    expect(() => createScheduler('lcm', stable, { steps: 4, strength: 0.05 })).toThrow(
      expect.objectContaining({ hint: 'Ask for fewer steps or more strength.' }),
    );
  });

  it('noises latents to where a step begins', () => {
    const noised = (name: 'ddim' | 'euler'): number => {
      const latents = Float32Array.of(1);
      createScheduler(name, stable, { steps: 10 }).addNoise(latents, Float32Array.of(0.5), 0);
      return latents[0] ?? 0;
    };
    // DDIM begins at t = 901, Euler with linspace spacing at t = 999.
    const alpha = cumulativeAlphas(stable, usualBetas)[901] ?? 0;
    expect(noised('ddim')).toBeCloseTo(Math.sqrt(alpha) + 0.5 * Math.sqrt(1 - alpha), 6);
    expect(noised('euler')).toBeCloseTo(1 + 0.5 * 14.614647, 4);
  });
});

describe('scheduler config', () => {
  it('refuses what it would draw wrongly', () => {
    expect(schedulerConfigSchema.safeParse({ thresholding: true }).success).toBe(false);
    expect(schedulerConfigSchema.safeParse({ prediction_type: 'flow' }).success).toBe(false);
    expect(schedulerConfigSchema.parse({ trained_betas: null, unknown_key: 1 }).betaStart).toBeUndefined();
  });
});

describe('nameScheduler', () => {
  const nameOf = (config: object): string => nameScheduler(schedulerConfigSchema.parse(config));

  it('knows the classes of diffusers with what their configs say', () => {
    expect(nameOf({ _class_name: 'PNDMScheduler', skip_prk_steps: true })).toBe('pndm');
    expect(nameOf({ _class_name: 'EulerDiscreteScheduler', use_karras_sigmas: true })).toBe('euler-karras');
    const solver = { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'sde-dpmsolver++' };
    expect(nameOf({ ...solver, use_beta_sigmas: true })).toBe('dpmpp-2m-sde-beta');
    expect(nameOf({ _class_name: 'FlowMatchEulerDiscreteScheduler', shift: 3 })).toBe('flow-match-euler');
  });

  it('says where it has none', () => {
    for (const config of [
      {},
      { _class_name: 'KDPM2DiscreteScheduler' },
      { _class_name: 'DPMSolverMultistepScheduler', solver_order: 3 },
      { _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'dpmsolver' },
    ])
      expect(() => nameOf(config)).toThrow(expect.objectContaining({ code: 'scheduler-unknown' }));
  });
});
