import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../../../main/image/pixels.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import { TorchGenerator } from '../../../../main/tensor/seeded-noise.ts';
import type { Session } from '../../../../main/tensor/session.ts';
import { fillsIn } from '../../../../main/text-to-image/denoiser.ts';
import { DiffusionPipeline } from '../../../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest } from '../../../../main/text-to-image/generate-request.ts';
import { beginMasked } from '../../../../main/text-to-image/masks/begin-masked.ts';
import { findWhite, toLatentMask } from '../../../../main/text-to-image/masks/picture-mask.ts';
import { createNoiseSource } from '../../../../main/text-to-image/noise-source.ts';
import { readDecoderFolder } from '../../../../main/text-to-image/read-decoder-folder.ts';
import { createScheduler } from '../../../../main/text-to-image/schedulers/create-scheduler.ts';
import { generateAll } from '../generate-all.ts';

const models = fileURLToPath(new URL('../../../fixtures/models', import.meta.url));
const side = 32;
const paint = (colour: (x: number, y: number) => readonly [number, number, number]): Pixels => ({
  width: side,
  height: side,
  channels: 3,
  data: Uint8Array.from({ length: side * side * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    return colour(pixel % side, Math.floor(pixel / side))[index % 3] ?? 0;
  }),
});
const inGrey = (grey: (x: number, y: number) => number): Pixels => paint((x, y) => [grey(x, y), grey(x, y), grey(x, y)]);
const image = paint((x, y) => [x * 8, y * 8, 90]);
const rightHalf = inGrey((x) => (x < side / 2 ? 0 : 255));
const black = inGrey(() => 0);
const base: GenerateRequest = {
  prompt: { text: 'a red cat' },
  negative: { text: 'blue' },
  ...{ steps: 4, guidanceScale: 3, seed: 1, count: 1, scheduler: 'euler' },
};

let root: string;
const sessions: Session[] = [];
/** A folder whose U-Net is another's. */
async function open(unetOf: string): Promise<{ pipeline: DiffusionPipeline; unet: Session }> {
  const folder = join(root, unetOf);
  const filter = (path: string): boolean => !path.endsWith('.onnx');
  cpSync(join(models, 'tiny-stable-diffusion'), folder, { recursive: true, filter });
  cpSync(join(models, unetOf), folder, { recursive: true, filter, force: true });
  const openGraph = async (path: string): Promise<Session> => {
    const component = basename(dirname(path));
    const owner = component === 'unet' ? unetOf : 'tiny-stable-diffusion';
    const session = await openOnnxSession(join(models, owner, component, 'model.onnx'), { device: 'cpu', threads: 1 });
    sessions.push(session);
    return session;
  };
  return { pipeline: await DiffusionPipeline.open(folder, openGraph), unet: await openGraph(join(folder, 'unet', 'model.onnx')) };
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-masked-'));
});
afterAll(async () => {
  for (const session of sessions) await session.release();
  rmSync(root, { recursive: true, force: true });
});

async function draw(pipeline: DiffusionPipeline, changes: Partial<GenerateRequest>): Promise<Uint8Array> {
  const { pictures } = await generateAll(pipeline, { ...base, ...changes }, quietContext);
  return pictures[0]?.image.data ?? new Uint8Array();
}

describe('a mask', () => {
  it('is white from the middle on, by the brightness of its colours', () => {
    const colours = [
      [127, 127, 127],
      [128, 128, 128],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ] as const;
    const row = { ...paint((x) => colours[x] ?? [0, 0, 0]), height: 1 };
    expect([...findWhite(row)].slice(0, colours.length)).toEqual([0, 1, 0, 1, 0]);
  });

  it('takes the first pixel of each square, as torch’s nearest neighbour does', () => {
    const white = findWhite(inGrey((x, y) => (x % 8 === 0 && y % 8 === 0 && x > 8 ? 255 : 0)));
    expect([...toLatentMask(white, side, 8)]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('that is black, or finer than what is drawn in, is told', () => {
    expect(() => toLatentMask(findWhite(black), side, 8)).toThrow('black all over');
    expect(() => toLatentMask(findWhite(inGrey((x, y) => (x === 3 && y === 3 ? 255 : 0))), side, 8)).toThrow(
      'squares of 8 pixels',
    );
  });
});

describe('a denoiser that knows of no mask', () => {
  it('puts the latents of the picture back after every step, with the noise that is left', async () => {
    const folder = await readDecoderFolder(join(models, 'tiny-stable-diffusion'));
    const config = { ...folder, latentChannels: 1, latents: { scale: 1, shift: 0, mean: null, std: null } };
    const scheduler = createScheduler('euler', folder.scheduler, { steps: 2, strength: 1 });
    const whole = { mean: Float32Array.of(1, 2, 3, 4), deviation: null };
    const start = { whole, hidden: null, mask: Float32Array.of(0, 1, 0, 1), fromNoise: true };
    const begun = beginMasked(start, createNoiseSource([5], 4), 1, scheduler, config);
    const noise = new TorchGenerator(5).randn(4);
    expect([...begun.latents]).toEqual([...noise.map((value) => value * scheduler.initNoiseSigma)]);

    const drawn = Float32Array.of(7, 7, 7, 7);
    const left = Float32Array.of(1, 2, 3, 4);
    scheduler.addNoise(left, noise, 1);
    begun.run.putBack(drawn, 0);
    expect([...drawn]).toEqual([left[0], 7, left[2], 7]);
    begun.run.putBack(drawn, 1);
    expect([...drawn]).toEqual([1, 7, 3, 7]);
    expect(begun.run.shown).toBeNull();
  });

  it('draws what is white, by the text', async () => {
    const { pipeline, unet } = await open('tiny-stable-diffusion');
    expect(fillsIn(unet, pipeline.config)).toBe(false);
    const drawn = await draw(pipeline, { init: { image, mask: rightHalf, strength: 1 } });
    expect(await draw(pipeline, { init: { image, mask: rightHalf, strength: 1 }, prompt: { text: 'a green tree' } })).not.toEqual(
      drawn,
    );
  });

  it('gives the picture back at strength 0, and is not asked for a black mask', async () => {
    const { pipeline } = await open('tiny-stable-diffusion');
    const seen = await draw(pipeline, { init: { image, strength: 0 } });
    expect(await draw(pipeline, { init: { image, mask: rightHalf, strength: 0 } })).toEqual(seen);
    await expect(draw(pipeline, { init: { image, mask: black, strength: 1 } })).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('a denoiser that fills in', () => {
  it('is told by its graph, and where that leaves its channels open by its config', async () => {
    const { pipeline, unet } = await open('tiny-inpainting');
    expect(fillsIn(unet, pipeline.config)).toBe(true);
    const [sample, ...others] = unet.inputs;
    if (sample === undefined) throw new Error('no inputs');
    const isOpen = { ...unet, inputs: [{ ...sample, shape: ['batch', 'channels', 'height', 'width'] }, ...others] };
    expect(fillsIn(isOpen, pipeline.config)).toBe(true);
    expect(fillsIn(isOpen, { ...pipeline.config, denoiserChannels: 4 })).toBe(false);
  });

  it('needs a picture and a mask', async () => {
    const { pipeline } = await open('tiny-inpainting');
    for (const init of [undefined, { image, strength: 0.5 }]) {
      await expect(draw(pipeline, init === undefined ? {} : { init })).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringContaining('needs a picture to begin with and a mask') as string,
      });
    }
    const variants = { ...base, prompts: [base.prompt], seeds: [1] };
    await expect(pipeline.drawVariants(variants, quietContext).next()).rejects.toMatchObject({ code: 'bad-request' });
  });
});
