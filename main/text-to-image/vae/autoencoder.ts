import { StudioError } from '../../../contract/errors.ts';
import type { Pixels } from '../../image/pixels.ts';
import { elementCount } from '../../tensor/assert-shape.ts';
import { findTensorSpec } from '../../tensor/find-tensor-spec.ts';
import { takeOutput } from '../../tensor/graph-fault.ts';
import { runInBatches } from '../../tensor/run-in-batches.ts';
import type { Session } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { cutTile, planTiles, scaleTile, TiledPicture } from './picture-tiles.ts';
import type { Tiling } from './picture-tiles.ts';
import type { DecoderConfig } from '../read-decoder-folder.ts';

/** Logarithms of variances are held to these before they are used (diffusers, DiagonalGaussianDistribution). */
const leastLogVariance = -30;
const mostLogVariance = 20;

/**
 * A larger picture is decoded in tiles: maps of the VAE grow with its pixels, and its attention with their square, which at 2048 × 2048 is 17 GB.
 * Tiles see their own part alone, so the sizes that models are made for stay whole.
 */
const mostPixelsWhole = 1.25 * 1024 * 1024;
const tileSidePixels = 1024;
const tileOverlapPixels = 256;

/** What the encoder says of a picture: latents, and how sure of each; [1, channels, height, width] flattened. */
export interface LatentDistribution {
  readonly mean: Float32Array;
  /** Null when the graph has drawn its sample already. */
  readonly deviation: Float32Array | null;
}

/**
 * Encodes one picture whose size is a multiple of the scale factor. Throws `pack-invalid` for an answer of another size or not finite.
 *
 * @param hidden 1 for each pixel that is shown as the middle grey, 0 for the others; absent: none is
 */
export async function encodePicture(
  session: Session,
  image: Pixels,
  { latentChannels: channels, scaleFactor }: Pick<DecoderConfig, 'latentChannels' | 'scaleFactor'>,
  hidden?: Uint8Array,
): Promise<LatentDistribution> {
  const input = findTensorSpec(session, 'inputs', ['sample'], 0);
  const output = findTensorSpec(session, 'outputs', ['latent_parameters', 'latent_sample'], 0);
  const outputs = await session.run({ [input.name]: toSignedTensor(image, hidden) });
  const size = [image.height / scaleFactor, image.width / scaleFactor] as const;
  const given = outputs[output.name]?.shape[1] === channels ? channels : 2 * channels;
  const tensor = takeOutput(session.name, outputs, { name: output.name, dtype: 'float32', shape: [1, given, ...size] });
  if (given === channels) return { mean: tensor.data, deviation: null };
  const half = elementCount([channels, ...size]);
  const deviation = tensor.data
    .subarray(half)
    .map((logVariance) => Math.exp(0.5 * Math.min(Math.max(logVariance, leastLogVariance), mostLogVariance)));
  return { mean: tensor.data.subarray(0, half), deviation };
}

/** Draws latents in the denoiser's range: (mean + deviation · noise − shift) · scale, or by channel where the config says so. */
export function sampleLatents(distribution: LatentDistribution, noise: () => Float32Array, config: DecoderConfig): Float32Array {
  const latents = distribution.mean.slice();
  if (distribution.deviation) {
    const drawn = noise();
    for (let index = 0; index < latents.length; index += 1) {
      latents[index] = (latents[index] ?? 0) + (distribution.deviation[index] ?? 0) * (drawn[index] ?? 0);
    }
  }
  const perChannel = latents.length / config.latentChannels;
  for (let index = 0; index < latents.length; index += 1) {
    const { factor, offset } = channelScale(config, Math.floor(index / perChannel));
    latents[index] = ((latents[index] ?? 0) - offset) / factor;
  }
  return latents;
}

/** How a picture of so many latents is decoded; null: whole. */
export function tilingFor(height: number, width: number, { scaleFactor }: Pick<DecoderConfig, 'scaleFactor'>): Tiling | null {
  if (height * width * scaleFactor ** 2 <= mostPixelsWhole) return null;
  return { side: Math.ceil(tileSidePixels / scaleFactor), overlap: Math.ceil(tileOverlapPixels / scaleFactor) };
}

/**
 * Decodes latents [count, channels, height, width] of the denoiser's range to pictures, large ones in tiles. Throws `pack-invalid` for pictures of another size
 * than the config says, and for numbers that are not finite, with the remedy: drawn they would be black, and said to be done.
 */
export async function decodeLatents(
  session: Session,
  latents: Tensor<'float32'>,
  config: DecoderConfig,
  limit: number,
  beforeRun: () => Promise<void>,
  tiling = tilingFor(latents.shape[2] ?? 0, latents.shape[3] ?? 0, config),
): Promise<Pixels[]> {
  const [count = 0, channels = 1, height = 0, width = 0] = latents.shape;
  const area = height * width;
  const scaled = new Float32Array(latents.data.length);
  for (let plane = 0; plane < count * channels; plane += 1) {
    const { factor, offset } = channelScale(config, plane % channels);
    for (let index = plane * area; index < (plane + 1) * area; index += 1)
      scaled[index] = (latents.data[index] ?? 0) * factor + offset;
  }
  const input = findTensorSpec(session, 'inputs', ['latent_sample'], 0);
  const { scaleFactor } = config;
  const output = findTensorSpec(session, 'outputs', ['sample'], 0).name;
  const ran = toldWithRemedy(session, input.dtype === 'float16');
  const decode: DecodePlanes = async (data, rows, tileHeight, tileWidth) => {
    const shape = [rows, channels, tileHeight, tileWidth];
    const row = [3, tileHeight * scaleFactor, tileWidth * scaleFactor];
    const feeds = { [input.name]: { dtype: 'float32', shape, data } as const };
    return (await runInBatches({ session: ran, rows: feeds, output, row, limit, beforeRun })).data;
  };
  // A graph of one size takes no smaller tiles.
  const isWhole = tiling === null || typeof input.shape[2] === 'number';
  const each = channels * area;
  const [imageHeight, imageWidth] = [height * scaleFactor, width * scaleFactor];
  const whole = isWhole ? await decode(scaled, count, height, width) : new Float32Array(0);
  const pictures: Pixels[] = [];
  for (let picture = 0; picture < count; picture += 1) {
    const own = scaled.subarray(picture * each, (picture + 1) * each);
    const length = 3 * imageHeight * imageWidth;
    const planes = isWhole
      ? whole.subarray(picture * length, (picture + 1) * length)
      : await decodeTiles(own, { height, width }, tiling, scaleFactor, decode);
    pictures.push(toPixels(planes, imageWidth, imageHeight));
  }
  return pictures;
}

/** Scaled latents of `rows` equally large pictures or tiles → their planes. */
type DecodePlanes = (latents: Float32Array, rows: number, height: number, width: number) => Promise<Float32Array>;

async function decodeTiles(
  latents: Float32Array,
  size: { readonly height: number; readonly width: number },
  tiling: Tiling,
  scaleFactor: number,
  decode: DecodePlanes,
): Promise<Float32Array> {
  const picture = new TiledPicture(3, size.height * scaleFactor, size.width * scaleFactor);
  for (const tile of planTiles(size.height, size.width, tiling)) {
    const planes = await decode(cutTile(latents, size, tile), 1, tile.height, tile.width);
    picture.add(planes, scaleTile(tile, scaleFactor), tiling.overlap * scaleFactor);
  }
  return picture.take();
}

/** SDXL's first VAE overflows in half precision: every number of the picture is NaN then. */
function toldWithRemedy(session: Session, isHalf: boolean): Session {
  return {
    ...session,
    async run(feeds) {
      const outputs = await session.run(feeds);
      const isBroken = Object.values(outputs).some(({ data }) => data instanceof Float32Array && !data.every(Number.isFinite));
      if (!isBroken) return outputs;
      throw new StudioError(
        'pack-invalid',
        `The picture came out of ${session.name} as numbers that are none (NaN): the part of the model that makes pixels of latents, its VAE, has overflowed.`,
        isHalf
          ? 'It computes in half precision, which the first VAE of SDXL does not bear. Use an export with a repaired VAE (sdxl-vae-fp16-fix), or with the VAE in full precision (fp32).'
          : 'Verify the model; where it was exported in half precision, use a repaired VAE (sdxl-vae-fp16-fix) or one in full precision (fp32).',
        { graph: session.name, halfPrecision: isHalf },
      );
    },
  };
}

/** The VAE's latents = the denoiser's · factor + offset. */
function channelScale({ latents }: DecoderConfig, channel: number): { factor: number; offset: number } {
  const mean = latents.mean?.[channel];
  const std = latents.std?.[channel];
  if (mean !== undefined && std !== undefined) return { factor: std / latents.scale, offset: mean };
  return { factor: 1 / latents.scale, offset: latents.shift };
}

/** Interleaved bytes → float32 [1, 3, height, width] in −1..1, 0 where it is hidden. */
function toSignedTensor({ width, height, data }: Pixels, hidden?: Uint8Array): Tensor<'float32'> {
  const area = width * height;
  const values = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; pixel += 1) {
    if (hidden?.[pixel] === 1) continue;
    for (let channel = 0; channel < 3; channel += 1)
      values[channel * area + pixel] = ((data[pixel * 3 + channel] ?? 0) / 255) * 2 - 1;
  }
  return { dtype: 'float32', shape: [1, 3, height, width], data: values };
}

/** Planes in −1..1 → interleaved bytes; the assignment to a clamped array rounds half to even, as numpy does. */
function toPixels(planes: Float32Array, width: number, height: number): Pixels {
  const area = width * height;
  const data = new Uint8ClampedArray(3 * area);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let pixel = 0; pixel < area; pixel += 1)
      data[pixel * 3 + channel] = ((planes[channel * area + pixel] ?? 0) / 2 + 0.5) * 255;
  }
  return { width, height, channels: 3, data: new Uint8Array(data.buffer) };
}
