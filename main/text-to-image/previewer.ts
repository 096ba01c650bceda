import type { Session } from '../tensor/session.ts';
import { decodeLatents } from './vae/autoencoder.ts';
import type { GenerateRequest } from './generate-request.ts';
import { canProjectLatents, projectLatents } from './preview-latents.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

/** A VAE decoder of at most this size, on pictures of at most that, costs about as much as a step. */
const smallDecoderBytes = 16 * 1024 * 1024;
const smallPicturePixels = 128 * 128;

export interface Previewer {
  wants(step: number): boolean;
  /** Shows what the first picture would be if the model were right at once. */
  show(
    scheduler: Scheduler,
    modelOutput: Float32Array,
    latents: Float32Array,
    step: number,
    progress: { readonly done: number; readonly steps: number },
  ): Promise<void>;
}

/** Tiny autoencoders take latents as the denoiser has them. */
const asTheyAre: DecoderConfig['latents'] = { scale: 1, shift: 0, mean: null, std: null };

/**
 * Decodes with the VAE where it is small. Else, where the latent space is the family's, decodes with a tiny autoencoder, or projects where there is
 * none; null where neither is so, and where nobody looks. The VAE is opened for small pictures alone: opened too early it takes the room of the denoiser.
 */
export async function createPreviewer(
  { preview: sink, openPreviewDecoder }: Pick<GenerateRequest, 'preview' | 'openPreviewDecoder'>,
  pictureIndex: number,
  openVaeDecoder: () => Promise<Session>,
  config: DecoderConfig,
  [, channels, height, width]: readonly [number, number, number, number],
  beforeRun: () => Promise<void>,
): Promise<Previewer | null> {
  if (sink === undefined) return null;
  const isSmallPicture = height * width * config.scaleFactor ** 2 <= smallPicturePixels;
  const opened = isSmallPicture ? await openVaeDecoder() : null;
  const vaeDecoder = (opened?.weightBytes ?? Number.POSITIVE_INFINITY) <= smallDecoderBytes ? opened : null;
  const isKnown = canProjectLatents(config.family.preview, channels, config.latents.scale);
  if (vaeDecoder === null && !isKnown) return null;
  const tiny = vaeDecoder === null ? ((await openPreviewDecoder?.()) ?? null) : null;
  const decoder = vaeDecoder ?? tiny;
  const latentsOf = tiny === null ? config : { ...config, latents: asTheyAre };
  const length = channels * height * width;
  const original = new Float32Array(length);
  return {
    wants: (step) => sink.wants(step, pictureIndex),
    async show(scheduler, modelOutput, latents, step, { done, steps }) {
      scheduler.predictOriginal(modelOutput.subarray(0, length), latents.subarray(0, length), step, original);
      const tensor = { dtype: 'float32', shape: [1, channels, height, width], data: original } as const;
      const [decoded] = decoder === null ? [] : await decodeLatents(decoder, tensor, latentsOf, 1, beforeRun);
      sink.show({
        pictureIndex,
        step: done,
        steps,
        image: decoded ?? projectLatents(config.family.preview, original, width, height),
      });
    },
  };
}
