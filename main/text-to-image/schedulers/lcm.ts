import { StudioError } from '../../../contract/errors.ts';
import { cumulativeAlphas } from './noise-schedule.ts';
import type { BetaDefaults } from './noise-schedule.ts';
import { applyRule, copyScaled, mixNoise, originalRule } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';

const lcmBetas: BetaDefaults = { betaStart: 0.00085, betaEnd: 0.012, betaSchedule: 'scaled_linear' };
/** σ of the data in the boundary condition of a consistency model. */
const dataVariance = 0.25;

interface Step {
  readonly alpha: number;
  readonly sigma: number;
  readonly original: LinearRule;
  /** denoised = ofOriginal · x̂₀ + ofSample · x. */
  readonly ofOriginal: number;
  readonly ofSample: number;
  /** x ← share · denoised + fresh · new noise; null at the last step, which draws none. */
  readonly next: { readonly share: number; readonly fresh: number } | null;
}

/**
 * Latent consistency sampling (Luo et al. 2023, algorithm 3; diffusers scheduling_lcm.py). Strength shortens the list the
 * timesteps are picked from, so that an initial picture gets all N steps. Throws `bad-request` when N does not fit.
 */
export function createLcm(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const cumulative = cumulativeAlphas(config, lcmBetas);
  const timesteps = pickTimesteps(config, cumulative.length, options);
  const finalAlpha = (config.setAlphaToOne ?? true) ? 1 : (cumulative[0] ?? 1);
  const scaling = config.timestepScaling ?? 10;
  const steps = timesteps.map((timestep, index): Step => {
    const [alpha, sigma] = rootsOf(cumulative[timestep] ?? 0);
    const scaled = (timestep * scaling) ** 2;
    const following = timesteps[index + 1];
    const [share, fresh] = rootsOf(following === undefined ? finalAlpha : (cumulative[following] ?? 0));
    return {
      alpha,
      sigma,
      original: originalRule(config.predictionType ?? 'epsilon', alpha, sigma),
      ofOriginal: Math.sqrt(scaled / (scaled + dataVariance)),
      ofSample: dataVariance / (scaled + dataVariance),
      next: following === undefined ? null : { share, fresh },
    };
  });
  const bound = config.clipSample ? (config.clipSampleRange ?? 1) : Number.POSITIVE_INFINITY;
  return new Lcm(timesteps, steps, bound);
}

function rootsOf(cumulativeAlpha: number): [number, number] {
  return [Math.sqrt(cumulativeAlpha), Math.sqrt(1 - cumulativeAlpha)];
}

function pickTimesteps(config: SchedulerConfig, trainTimesteps: number, { steps, strength = 1 }: ScheduleOptions): number[] {
  const originalSteps = config.originalInferenceSteps ?? 50;
  const stride = Math.floor(trainTimesteps / originalSteps);
  const available = Math.trunc(originalSteps * strength);
  if (steps > available) {
    throw new StudioError(
      'bad-request',
      `LCM can take at most ${available} steps here, not ${steps}.`,
      available < originalSteps ? 'Ask for fewer steps or more strength.' : 'Ask for fewer steps; four to eight are usual.',
      { steps, available },
    );
  }
  return Array.from({ length: steps }, (_, index) => (available - Math.floor((index * available) / steps)) * stride - 1);
}

class Lcm implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep = 0;
  readonly initNoiseSigma = 1;
  readonly #steps: readonly Step[];
  readonly #bound: number;

  constructor(timesteps: readonly number[], steps: readonly Step[], bound: number) {
    this.timesteps = timesteps;
    this.#steps = steps;
    this.#bound = bound;
  }

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(this.#at(step).original, sample, modelOutput, into);
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const { original, ofOriginal, ofSample, next } = this.#at(step);
    const bound = this.#bound;
    for (let index = 0; index < sample.length; index += 1) {
      const here = sample[index] ?? 0;
      const clean = Math.max(-bound, Math.min(bound, original.sample * here + original.output * (modelOutput[index] ?? 0)));
      sample[index] = ofOriginal * clean + ofSample * here;
    }
    if (next) mixNoise(sample, drawNoise(), next.share, next.fresh);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const { alpha, sigma } = this.#at(step);
    mixNoise(original, noise, alpha, sigma);
  }

  #at(step: number): Step {
    const found = this.#steps[step];
    if (!found) throw new Error(`LCM has no step ${step}`);
    return found;
  }
}
