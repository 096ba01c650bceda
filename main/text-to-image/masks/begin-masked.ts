import type { NoiseSource } from '../noise-source.ts';
import type { DecoderConfig } from '../read-decoder-folder.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { sampleLatents } from '../vae/autoencoder.ts';
import type { LatentDistribution } from '../vae/autoencoder.ts';
import type { ShownChannels } from './wide-sample.ts';

/** A picture of which a part is drawn anew, as the VAE sees it. */
export interface MaskedStart {
  /** The whole picture. */
  readonly whole: LatentDistribution;
  /** The picture with grey where it is drawn anew, for denoisers that are shown it; null for all others. */
  readonly hidden: LatentDistribution | null;
  /** [height, width] of the latents: 1 where they are drawn anew, 0 elsewhere. */
  readonly mask: Float32Array;
  /** Nothing of the picture is left where it is drawn anew. */
  readonly fromNoise: boolean;
}

/** How a run with a mask goes on. */
export interface MaskedRun {
  /** Null for denoisers that know of no mask: their latents are put back instead. */
  readonly shown: ShownChannels | null;
  /** Puts the latents of the picture, with the noise that is left after `step`, where nothing is drawn anew, in place. */
  readonly putBack: (latents: Float32Array, step: number) => void;
}

/**
 * Where a run with a mask begins, and how it goes on: StableDiffusionInpaintPipeline of diffusers (`prepare_latents`, `prepare_mask_latents` and the end of
 * its loop), which the one for SDXL repeats. There a picture's generator is drawn from for the VAE's sample of the whole picture, where that is
 * needed, for the noise, and for the sample of the picture with its grey, also by pipelines that leave that sample unused. The noise of the beginning is that
 * of every later step.
 */
export function beginMasked(
  { whole, hidden, mask, fromNoise }: MaskedStart,
  noise: NoiseSource,
  count: number,
  scheduler: Scheduler,
  config: DecoderConfig,
): { readonly latents: Float32Array; readonly run: MaskedRun } {
  const sampled = (distribution: LatentDistribution): Float32Array => {
    const each = distribution.mean.length;
    const latents = new Float32Array(count * each);
    for (let picture = 0; picture < count; picture += 1) {
      const drawn = sampleLatents(distribution, () => noise.draw(picture), config);
      latents.set(drawn, picture * each);
    }
    return latents;
  };
  const picture = hidden === null || !fromNoise ? sampled(whole) : null;
  // The source fills the same array at every draw.
  const begun = noise.drawAll().slice();
  const grey = sampled(hidden ?? whole);
  const noised = (step: number): Float32Array => {
    const latents = (picture ?? begun).slice();
    // With no step left the picture comes back as the VAE gives it.
    if (step < scheduler.timesteps.length) scheduler.addNoise(latents, begun, step);
    return latents;
  };
  const latents = fromNoise ? begun.map((value) => value * scheduler.initNoiseSigma) : noised(scheduler.firstStep);
  if (hidden !== null) return { latents, run: { shown: besideMask(mask, grey, count), putBack: () => undefined } };
  const putBack = (drawn: Float32Array, step: number): void => {
    const kept = noised(step + 1);
    for (let index = 0; index < drawn.length; index += 1) {
      if (mask[index % mask.length] === 0) drawn[index] = kept[index] ?? 0;
    }
  };
  return { latents, run: { shown: null, putBack } };
}

/** The mask, then the latents of the picture with its grey, picture by picture. */
function besideMask(mask: Float32Array, grey: Float32Array, count: number): ShownChannels {
  const each = grey.length / count;
  const data = new Float32Array(count * (mask.length + each));
  for (let picture = 0; picture < count; picture += 1) {
    const start = picture * (mask.length + each);
    data.set(mask, start);
    data.set(grey.subarray(picture * each, (picture + 1) * each), start + mask.length);
  }
  return { channels: 1 + each / mask.length, data };
}
