import { sampleLatents } from './vae/autoencoder.ts';
import type { LatentDistribution } from './vae/autoencoder.ts';
import type { NoiseSource } from './noise-source.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

/**
 * Where a run begins: noise of the scheduler's size, or an initial picture under as much noise as its first step expects. diffusers draws from a
 * picture's generator first for the VAE's sample, then for the noise; so does this.
 */
export function initialLatents(
  initial: LatentDistribution | null,
  noise: NoiseSource,
  count: number,
  scheduler: Scheduler,
  config: DecoderConfig,
): Float32Array {
  if (!initial) return noise.drawAll().map((value) => value * scheduler.initNoiseSigma);
  const each = initial.mean.length;
  const latents = new Float32Array(count * each);
  for (let picture = 0; picture < count; picture += 1) {
    latents.set(
      sampleLatents(initial, () => noise.draw(picture), config),
      picture * each,
    );
  }
  // With no step left to walk the picture comes back as the VAE gives it.
  if (scheduler.firstStep < scheduler.timesteps.length) scheduler.addNoise(latents, noise.drawAll(), scheduler.firstStep);
  return latents;
}
