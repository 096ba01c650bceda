import type { SigmaShape } from '../../../contract/recipe.ts';
import { betaQuantile } from './beta-quantile.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { linspace } from './timestep-grid.ts';

/** The shape a config asks for; null where levels are those of training. */
export function configuredShape(config: SchedulerConfig): SigmaShape | null {
  if (config.useKarrasSigmas) return 'karras';
  if (config.useExponentialSigmas) return 'exponential';
  return config.useBetaSigmas ? 'beta' : null;
}

/** N falling noise levels. karras: equation 5 of Karras et al. 2022 with ρ = 7; beta: α = β = 0.6 (Lee et al. 2024). */
export function shapeSigmas(shape: SigmaShape, largest: number, smallest: number, steps: number): number[] {
  switch (shape) {
    case 'karras':
      return linspace(largest ** (1 / 7), smallest ** (1 / 7), steps).map((root) => root ** 7);
    case 'exponential':
      return linspace(Math.log(largest), Math.log(smallest), steps).map(Math.exp);
    case 'beta':
      return linspace(1, 0, steps).map((share) => smallest + betaQuantile(share, 0.6) * (largest - smallest));
  }
}

/** The σ table between its entries: linear in the timestep. */
export function sigmaAt(table: Float64Array, timestep: number): number {
  const low = Math.min(Math.max(Math.floor(timestep), 0), table.length - 1);
  const below = table[low] ?? 0;
  const above = table[low + 1] ?? below;
  return below + (above - below) * Math.min(Math.max(timestep - low, 0), 1);
}

/**
 * The timestep, fractional, whose σ this is: linear in ln σ between the table's entries. Their logarithms are float32 as in diffusers, where some
 * solvers cut the result: 998.9999998 and 999 are two timesteps then.
 */
export function timestepOfSigma(table: Float64Array, sigma: number): number {
  const wanted = Math.log(Math.max(sigma, 1e-10));
  let low = 0;
  let high = table.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (logarithm(table[middle]) <= wanted) low = middle;
    else high = middle;
  }
  const below = logarithm(table[low]);
  const above = logarithm(table[low + 1]);
  return low + Math.min(Math.max((below - wanted) / (below - above), 0), 1);
}

function logarithm(sigma = 0): number {
  return Math.fround(Math.log(sigma));
}
