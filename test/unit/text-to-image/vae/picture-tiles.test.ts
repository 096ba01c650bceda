import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import type { Session } from '../../../../main/tensor/session.ts';
import type { Pixels } from '../../../../main/image/pixels.ts';
import { decodeLatents, encodePicture, sampleLatents, tilingFor } from '../../../../main/text-to-image/vae/autoencoder.ts';
import { cutTile, planTiles, scaleTile, TiledPicture } from '../../../../main/text-to-image/vae/picture-tiles.ts';
import type { Tiling } from '../../../../main/text-to-image/vae/picture-tiles.ts';
import { readDecoderFolder } from '../../../../main/text-to-image/read-decoder-folder.ts';

const folder = fileURLToPath(new URL('../../../../models/packs/tiny-scenes/decoder', import.meta.url));

describe('planTiles', () => {
  it('covers everything with tiles of one size that share enough', () => {
    const tiles = planTiles(300, 128, { side: 128, overlap: 32 });
    expect(tiles.map(({ top }) => top)).toEqual([0, 86, 172]);
    expect(tiles.every(({ left, height, width }) => left === 0 && height === 128 && width === 128)).toBe(true);
    expect(planTiles(20, 30, { side: 128, overlap: 32 })).toEqual([{ top: 0, left: 0, height: 20, width: 30 }]);
  });
});

describe('TiledPicture', () => {
  it('gives back what was cut, whatever the size', () => {
    const size = { height: 23, width: 31 };
    const planes = Float32Array.from({ length: 2 * 23 * 31 }, (_, index) => Math.sin(index));
    const picture = new TiledPicture(2, size.height, size.width);
    for (const tile of planTiles(23, 31, { side: 10, overlap: 3 })) picture.add(cutTile(planes, size, tile), tile, 3);
    const together = picture.take();
    expect(Math.max(...together.map((value, index) => Math.abs(value - (planes[index] ?? 0))))).toBeLessThan(1e-6);
  });

  it('fades from one tile to the next', () => {
    const picture = new TiledPicture(1, 1, 6);
    const [left, right] = planTiles(1, 6, { side: 4, overlap: 2 });
    picture.add(new Float32Array(4).fill(0), scaleTile(left ?? { top: 0, left: 0, height: 1, width: 4 }, 1), 2);
    picture.add(new Float32Array(4).fill(1), scaleTile(right ?? { top: 0, left: 2, height: 1, width: 4 }, 1), 2);
    expect([...picture.take()]).toEqual([0, 0, 0.25, 0.75, 1, 1]);
  });
});

describe('decodeLatents in tiles', () => {
  it('leaves the sizes that models are made for whole', () => {
    expect(tilingFor(128, 128, { scaleFactor: 8 })).toBeNull();
    expect(tilingFor(96, 168, { scaleFactor: 8 })).toBeNull();
    expect(tilingFor(256, 256, { scaleFactor: 8 })).toEqual({ side: 128, overlap: 32 });
  });

  it('gives nearly the picture that is decoded whole, without an edge', async () => {
    const config = await readDecoderFolder(folder);
    const open = (part: string): Promise<Session> =>
      openOnnxSession(`${folder}/${part}/model.onnx`, { device: 'cpu', threads: 1 });
    const [encoder, decoder] = [await open('vae_encoder'), await open('vae_decoder')];
    const side = 192 / config.scaleFactor;
    const { latentChannels, encoderScaleFactor: scaleFactor } = config;
    const { mean: seen } = await encodePicture(encoder, paintScene(side * scaleFactor), { latentChannels, scaleFactor });
    const data = sampleLatents({ mean: seen, deviation: null }, () => new Float32Array(0), config);
    const latents = { dtype: 'float32', shape: [1, config.latentChannels, side, side], data } as const;
    const decode = async (tiling: Tiling | null): Promise<Uint8Array> => {
      const [picture] = await decodeLatents(decoder, latents, config, 1, () => Promise.resolve(), tiling);
      return picture?.data ?? new Uint8Array();
    };
    const whole = await decode(null);
    const tiled = await decode({ side: side / 2, overlap: side / 4 });
    const torn = await decode({ side: side / 2, overlap: 0 });
    await Promise.all([encoder.release(), decoder.release()]);
    expect(meanDifference(whole, tiled)).toBeLessThan(2);
    // Tiles that only meet show where.
    expect(strongestEdge(whole, tiled, 192)).toBeLessThan(3);
    expect(strongestEdge(whole, torn, 192)).toBeGreaterThan(6);
  });
});

/** A disc on a slope of colours. */
function paintScene(side: number): Pixels {
  const data = new Uint8Array(3 * side * side);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    const isInside = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 4) ** 2;
    data.set(isInside ? [220, 60, 40] : [40 + x / 2, 90 + y / 2, 150], pixel * 3);
  }
  return { width: side, height: side, channels: 3, data };
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
}

/**
 * How much the difference of two pictures changes from a column of pixels to the next, on average over the column; of the column where it does most. An edge
 * of a tile runs through all of one.
 */
function strongestEdge(one: Uint8Array, other: Uint8Array, width: number): number {
  const sums = new Float64Array(width);
  for (let index = 3; index < one.length; index += 1) {
    const column = Math.floor(index / 3) % width;
    const here = (one[index] ?? 0) - (other[index] ?? 0);
    const before = (one[index - 3] ?? 0) - (other[index - 3] ?? 0);
    if (column > 0) sums[column] = (sums[column] ?? 0) + Math.abs(here - before);
  }
  return Math.max(...sums) / (one.length / width);
}
