import { StudioError } from '../../../contract/errors.ts';
import type { SchedulerConfig, TimestepSpacing } from './scheduler-config.ts';
import type { ScheduleOptions } from './scheduler.ts';

/** Rounds half to even, as numpy does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `count` numbers from `start` to `end`, both included; one number is `start`. */
export function linspace(start: number, end: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (count === 1 ? start : start + ((end - start) * index) / (count - 1)));
}

/**
 * The N timesteps of a run, latest first, as DDIM and Euler place them (Lin et al. 2023, table 2): linspace from both ends
 * (fractional; DDIM rounds), leading from the start of each stride, trailing from its end.
 */
export function spacedTimesteps(spacing: TimestepSpacing, trainTimesteps: number, steps: number, offset: number): number[] {
  switch (spacing) {
    case 'linspace':
      return linspace(0, trainTimesteps - 1, steps).reverse();
    case 'leading': {
      const stride = Math.floor(trainTimesteps / steps);
      return Array.from({ length: steps }, (_, index) => (steps - 1 - index) * stride + offset);
    }
    case 'trailing':
      return Array.from({ length: steps }, (_, index) => roundHalfEven(trainTimesteps - (index * trainTimesteps) / steps) - 1);
  }
}

/** The same for multistep solvers, which place N + 1 points and leave the last, 0, to the final sigma. */
export function multistepTimesteps(spacing: TimestepSpacing, lastTimestep: number, steps: number, offset: number): number[] {
  switch (spacing) {
    case 'linspace':
      return linspace(0, lastTimestep - 1, steps + 1)
        .map(roundHalfEven)
        .reverse()
        .slice(0, -1);
    case 'leading': {
      const stride = Math.floor(lastTimestep / (steps + 1));
      return Array.from({ length: steps }, (_, index) => (steps - index) * stride + offset);
    }
    case 'trailing':
      return spacedTimesteps('trailing', lastTimestep, steps, offset);
  }
}

/**
 * The timesteps a consistency model was distilled at, thinned to N. Strength shortens the list they are picked from, so that an initial
 * picture gets all N steps. Throws `bad-request` when N does not fit.
 */
export function consistencyTimesteps(
  config: SchedulerConfig,
  trainTimesteps: number,
  { steps, strength = 1 }: ScheduleOptions,
): number[] {
  const originalSteps = config.originalInferenceSteps ?? 50;
  const stride = Math.floor(trainTimesteps / originalSteps);
  const available = Math.trunc(originalSteps * strength);
  if (steps > available) {
    throw new StudioError(
      'bad-request',
      `This scheduler can take at most ${available} steps here, not ${steps}.`,
      available < originalSteps ? 'Ask for fewer steps or more strength.' : 'Ask for fewer steps; four to eight are usual.',
      { steps, available },
    );
  }
  return Array.from({ length: steps }, (_, index) => (available - Math.floor((index * available) / steps)) * stride - 1);
}
