import type { SchedulerConfig } from './scheduler-config.ts';

/** The defaults of the class a schedule is made for, where the config says nothing. */
export interface BetaDefaults {
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: 'linear' | 'scaled_linear';
}
export const usualBetas: BetaDefaults = { betaStart: 0.0001, betaEnd: 0.02, betaSchedule: 'linear' };
/** Of the schedulers that ask the denoiser twice a step. */
export const secondOrderBetas: BetaDefaults = { betaStart: 0.00085, betaEnd: 0.012, betaSchedule: 'linear' };
/** Of those for distilled denoisers. */
export const consistencyBetas: BetaDefaults = { betaStart: 0.00085, betaEnd: 0.012, betaSchedule: 'scaled_linear' };

/**
 * ᾱ_t for t = 0..T−1: the share of the picture's variance left at training step t. Rounded to float32 where PyTorch rounds, so
 * that σ near 14.6 agrees in its last digits. With `rescaleBetasZeroSnr` the last ᾱ is 0 (Lin et al. 2023, algorithm 1).
 */
export function cumulativeAlphas(config: SchedulerConfig, defaults: BetaDefaults): Float64Array {
  const betas = config.trainedBetas?.map(Math.fround) ?? makeBetas(config, defaults);
  const alphas = new Float64Array(betas.length);
  let product = 1;
  for (const [index, beta] of betas.entries()) {
    product *= Math.fround(1 - beta);
    alphas[index] = Math.fround(product);
  }
  return config.rescaleBetasZeroSnr ? rescaleToZeroSnr(alphas) : alphas;
}

/** σ_t = √((1 − ᾱ_t) / ᾱ_t). A vanishing ᾱ is taken as 2⁻²⁴, which makes σ about 4096, as diffusers does. */
export function sigmaTable(cumulative: Float64Array): Float64Array {
  return cumulative.map((alpha) => {
    const kept = alpha === 0 ? 2 ** -24 : alpha;
    return Math.fround(Math.sqrt(Math.fround(Math.fround(1 - kept) / kept)));
  });
}

function makeBetas(config: SchedulerConfig, defaults: BetaDefaults): number[] {
  const count = config.numTrainTimesteps ?? 1000;
  const start = config.betaStart ?? defaults.betaStart;
  const end = config.betaEnd ?? defaults.betaEnd;
  switch (config.betaSchedule ?? defaults.betaSchedule) {
    case 'linear':
      return floatLinspace(start, end, count);
    case 'scaled_linear':
      return floatLinspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => Math.fround(root * root));
    case 'squaredcos_cap_v2': {
      const bar = (time: number): number => Math.cos(((time + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
      return Array.from({ length: count }, (_, index) =>
        Math.fround(Math.min(1 - bar((index + 1) / count) / bar(index / count), 0.999)),
      );
    }
  }
}

/** torch.linspace in float32: counted from the nearer end. */
function floatLinspace(start: number, end: number, count: number): number[] {
  const from = Math.fround(start);
  const to = Math.fround(end);
  const stride = Math.fround(Math.fround(to - from) / (count - 1));
  return Array.from({ length: count }, (_, index) =>
    index < count / 2 ? Math.fround(from + stride * index) : Math.fround(to - stride * (count - index - 1)),
  );
}

function rescaleToZeroSnr(cumulative: Float64Array): Float64Array {
  const roots = cumulative.map(Math.sqrt);
  const first = roots.at(0) ?? 1;
  const last = roots.at(-1) ?? 0;
  return roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
}
