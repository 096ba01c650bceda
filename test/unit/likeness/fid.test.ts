import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PicturesScore } from '../../../contract/texts/evaluation.ts';
import { frechetDistance } from '../../../main/likeness/frechet-distance.ts';
import { openStudio } from '../../../main/studio.ts';
import { makeFeatureWeights, writeFeaturesPack } from '../../helpers/write-features-pack.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'dediffusion-fid-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

type Colour = readonly [number, number, number];
const originals: readonly Colour[] = [
  [200, 40, 30],
  [30, 160, 60],
  [40, 60, 200],
];
const drawn: readonly Colour[] = [
  [180, 60, 50],
  [60, 120, 90],
  [90, 90, 160],
];

/** Compares pictures of one colour each. */
async function compare(): Promise<PicturesScore> {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  const add = async ([r, g, b]: Colour): Promise<string> => {
    const picture = sharp({ create: { width: 48, height: 40, channels: 3, background: { r, g, b } } });
    return (await studio.addImage(await picture.png().toBuffer())).image.sha256;
  };
  try {
    const pairs: { original: string; drawn: string }[] = [];
    for (const [at, colour] of originals.entries()) {
      pairs.push({ original: await add(colour), drawn: await add(drawn[at] ?? colour) });
    }
    return await studio.client.evaluation.pictures({ pairs });
  } finally {
    await studio.close();
  }
}

/** What the pack's graph makes of a picture of one colour, whose parts are all alike: its values in −1..1 times the weights. */
function featuresOf(colour: Colour): Float32Array {
  const features = new Float32Array(2048);
  for (const [place, weight] of makeFeatureWeights().entries()) {
    const value = ((colour[Math.floor(place / 2048 / 9)] ?? 0) / 255) * 2 - 1;
    features[place % 2048] = (features[place % 2048] ?? 0) + weight * value;
  }
  return features;
}

test('FID is told where a model brings its features, beside the distance over the scorer’s', async () => {
  const without = await compare();
  expect(without.fid).toBeNull();
  expect(without.frechet).toBeGreaterThan(0);
  writeFeaturesPack(join(dataFolder, 'packs'), 'chance');
  const { fid, frechet } = await compare();
  const wanted = await frechetDistance(originals.map(featuresOf), drawn.map(featuresOf));
  expect(fid?.packId).toBe('chance');
  expect(wanted).toBeGreaterThan(1);
  expect(fid?.value).toBeCloseTo(wanted, 2);
  expect(frechet).toBeCloseTo(without.frechet ?? 0, 6);
  // Kept features give the same, and a model that goes takes its figure with it.
  expect((await compare()).fid?.value).toBe(fid?.value);
  await rm(join(dataFolder, 'packs', 'chance'), { recursive: true });
  expect((await compare()).fid).toBeNull();
});

test('features of another number are no Inception’s, and nothing is called FID by them', async () => {
  writeFeaturesPack(join(dataFolder, 'packs'), 'narrow', 512);
  await expect(compare()).rejects.toMatchObject({ data: { code: 'pack-invalid' } });
});
