import type { SigmaShape } from '../../../contract/recipe.ts';
import { sigmaTable, cumulativeAlphas, usualBetas } from './noise-schedule.ts';
import type { BetaDefaults } from './noise-schedule.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { shapeSigmas, sigmaAt, timestepOfSigma } from './shape-sigmas.ts';
import type { ScheduleOptions } from './scheduler.ts';
import { spacedTimesteps } from './timestep-grid.ts';

/** Where an Euler run stops on its way: N timesteps and N + 1 noise levels, the last one the end. */
export interface SigmaSteps {
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
  readonly initNoiseSigma: number;
}

/** diffusers' scheduling_euler_discrete.py. A shape takes its ends from the levels of the plain grid, so it depends on the spacing. */
export function planSigmaSteps(
  config: SchedulerConfig,
  options: ScheduleOptions,
  shape: SigmaShape | null,
  betas: BetaDefaults = usualBetas,
): SigmaSteps {
  const table = sigmaTable(cumulativeAlphas(config, betas));
  const spacing = config.timestepSpacing ?? 'linspace';
  const grid = spacedTimesteps(spacing, table.length, options.steps, config.stepsOffset ?? 0);
  const plain = grid.map((timestep) => sigmaAt(table, timestep));
  const [most, least] = [config.sigmaMax ?? plain.at(0) ?? 0, config.sigmaMin ?? plain.at(-1) ?? 0];
  const sigmas = shape === null ? plain : shapeSigmas(shape, most, least, options.steps);
  const largest = Math.max(...sigmas);
  return {
    timesteps: shape === null ? grid : sigmas.map((sigma) => timestepOfSigma(table, sigma)),
    sigmas: [...sigmas.map(Math.fround), config.finalSigmasType === 'sigma_min' ? (table[0] ?? 0) : 0],
    initNoiseSigma: spacing === 'leading' ? Math.sqrt(largest * largest + 1) : largest,
  };
}
