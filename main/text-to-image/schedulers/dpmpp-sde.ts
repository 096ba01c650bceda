import type { SigmaShape } from '../../../contract/recipe.ts';
import { sigmaTable, cumulativeAlphas, secondOrderBetas } from './noise-schedule.ts';
import { mixNoise } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { firstOfDoubled } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { timestepOfSigma } from './shape-sigmas.ts';
import { SigmaScheduler } from './sigma-scheduler.ts';
import { planSigmaSteps } from './sigma-steps.ts';

/**
 * DPM-Solver++ (SDE): a step to the middle of the way in ln σ, then the whole way along what was seen there, fresh noise after each
 * (k-diffusion `sample_dpmpp_sde`; diffusers scheduling_dpmsolver_sde.py): 2 N − 1 runs. diffusers draws that noise from a tree of
 * Brownian motion with a seed of its own; here the way to the middle and the way from there are drawn from the picture's generator, which is the same motion
 * for another seed.
 */
export function createDpmppSde(config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape | null): Scheduler {
  const plain = { ...config, finalSigmasType: 'zero', sigmaMin: undefined, sigmaMax: undefined } as const;
  const { timesteps, sigmas, initNoiseSigma } = planSigmaSteps(plain, options, shape, secondOrderBetas);
  const table = sigmaTable(cumulativeAlphas(config, secondOrderBetas));
  const middles = sigmas.slice(0, -2).map((sigma, index) => Math.sqrt(sigma * (sigmas[index + 1] ?? 0)));
  const woven = (ends: readonly number[], between: readonly number[]): number[] =>
    ends.flatMap((end, index) => (index < between.length ? [end, between[index] ?? 0] : [end]));
  const schedule = {
    timesteps: woven(
      timesteps,
      middles.map((sigma) => timestepOfSigma(table, sigma)),
    ),
    levels: [...woven(sigmas.slice(0, -1), middles), 0],
    firstStep: firstOfDoubled(options),
    initNoiseSigma,
  };
  return new DpmppSde(schedule, config.predictionType ?? 'epsilon');
}

class DpmppSde extends SigmaScheduler {
  #began = new Float32Array(0);
  /** Brownian motion from the level a step began at to its middle. */
  #motion = new Float32Array(0);

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const clean = new Float32Array(sample.length);
    this.predictOriginal(modelOutput, sample, step, clean);
    const to = this.sigma(step + 1);
    if (to === 0) {
      sample.set(clean);
      return;
    }
    const here = this.sigma(step);
    const way = Math.sqrt(here - to);
    if (step % 2 === 0) {
      this.#began = sample.slice();
      this.#motion = drawNoise().map((noise) => noise * way);
      jump(sample, clean, here, to, this.#motion, way);
    } else {
      const from = this.sigma(step - 1);
      mixNoise(this.#motion, drawNoise(), 1, way);
      sample.set(this.#began);
      jump(sample, clean, from, to, this.#motion, Math.sqrt(from - to));
    }
  }
}

/** Down from one level past another, then up to it with fresh noise: motion / √distance. */
function jump(sample: Float32Array, clean: Float32Array, from: number, to: number, motion: Float32Array, root: number): void {
  const up = Math.min(to, Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  const kept = Math.sqrt(to ** 2 - up ** 2) / from;
  for (let index = 0; index < sample.length; index += 1) {
    sample[index] = kept * (sample[index] ?? 0) + (1 - kept) * (clean[index] ?? 0) + (up / root) * (motion[index] ?? 0);
  }
}
