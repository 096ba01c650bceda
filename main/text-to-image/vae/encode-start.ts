import type { Pixels } from '../../image/pixels.ts';
import { resamplePixels } from '../../image/resample-pixels.ts';
import type { Session } from '../../tensor/session.ts';
import { maskMissing } from '../denoiser.ts';
import type { GenerateRequest } from '../generate-request.ts';
import type { MaskedStart } from '../masks/begin-masked.ts';
import { findWhite, toLatentMask } from '../masks/picture-mask.ts';
import type { DecoderConfig } from '../read-decoder-folder.ts';
import { encodePicture, sampleLatents } from './autoencoder.ts';
import type { LatentDistribution } from './autoencoder.ts';

/** What pictures are encoded with. */
export interface PictureEncoding {
  readonly config: DecoderConfig;
  readonly openEncoder: () => Promise<Session>;
  readonly beforeRun: () => Promise<void>;
}

/** What a run begins with besides noise: at most one of the two. */
export interface Start {
  /** A picture of which all is drawn anew. */
  readonly initial: LatentDistribution | null;
  /** A picture of which a part is drawn anew. */
  readonly masked: MaskedStart | null;
}

/**
 * @param fillsIn whether the denoiser is shown the rest of the picture, which is encoded once more for it
 * @throws StudioError `bad-request` for a denoiser that fills in without a mask, and for a mask that leaves everything as it is
 */
export async function encodeStart(init: GenerateRequest['init'], fillsIn: boolean, encoding: PictureEncoding): Promise<Start> {
  if (fillsIn && init?.mask === undefined) throw maskMissing();
  if (init === undefined) return { initial: null, masked: null };
  const { image, mask: picture, strength } = init;
  if (picture === undefined) return { initial: await encodeInitial(image, encoding), masked: null };
  const mask = toLatentMask(findWhite(picture), picture.width, encoding.config.scaleFactor);
  const whole = await encodeInitial(image, encoding);
  const hidden = fillsIn ? await encodeInitial(image, encoding, picture) : null;
  return { initial: null, masked: { whole, hidden, mask, fromNoise: strength === 1 } };
}

/**
 * A picture as the VAE sees it.
 *
 * @param mask where it is white the picture is shown as grey; absent: nowhere
 */
async function encodeInitial(
  image: Pixels,
  { config, openEncoder, beforeRun }: PictureEncoding,
  mask?: Pixels,
): Promise<LatentDistribution> {
  const session = await openEncoder();
  const { scaleFactor, encoderScaleFactor, latentChannels } = config;
  const seenSide = (side: number): number => (side / scaleFactor) * encoderScaleFactor;
  const toSeen = (pixels: Pixels): Pixels =>
    encoderScaleFactor === scaleFactor
      ? pixels
      : resamplePixels(pixels, seenSide(pixels.width), seenSide(pixels.height), 'lanczos');
  const hidden = mask === undefined ? undefined : findWhite(toSeen(mask));
  await beforeRun();
  return encodePicture(session, toSeen(image), { latentChannels, scaleFactor: encoderScaleFactor }, hidden);
}

/** The likeliest latents of a picture, which need no noise. */
export async function encodeLikeliest(image: Pixels, encoding: PictureEncoding): Promise<Float32Array> {
  const noNoise = (): never => {
    throw new Error('noise was asked for');
  };
  return sampleLatents({ ...(await encodeInitial(image, encoding)), deviation: null }, noNoise, encoding.config);
}
