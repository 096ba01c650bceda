import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../../main/image/pixels.ts';
import type { Progress, RunContext } from '../../../main/running/run-context.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest, Preview } from '../../../main/text-to-image/generate-request.ts';
import { generateAll } from './generate-all.ts';

const models = fileURLToPath(new URL('../../fixtures/models', import.meta.url));
const opened: string[] = [];
const open = (folder: string): Promise<DiffusionPipeline> =>
  DiffusionPipeline.open(folder, (path) => {
    opened.push(basename(dirname(path)));
    return openOnnxSession(path, { device: 'cpu', threads: 1 });
  });
const request: GenerateRequest = {
  prompt: { text: 'a red cat on the beach' },
  negative: { text: 'blue' },
  steps: 4,
  guidanceScale: 3,
  seed: 1,
  count: 1,
  scheduler: 'euler-ancestral',
};
const grey: Pixels = { width: 32, height: 32, channels: 3, data: new Uint8Array(3072).fill(90) };

let root: string;
let pipeline: DiffusionPipeline;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-pipeline-'));
  pipeline = await open(join(models, 'tiny-stable-diffusion'));
});
afterAll(async () => {
  await pipeline.release();
  rmSync(root, { recursive: true, force: true });
});
const draw = async (changes: Partial<GenerateRequest>): Promise<Uint8Array[]> =>
  (await generateAll(pipeline, { ...request, ...changes }, quietContext)).pictures.map((picture) => picture.image.data);

describe('generate', () => {
  it('opens no graph before it is needed, and each once', async () => {
    expect(opened).toEqual([]);
    await draw({});
    await draw({});
    expect(opened.toSorted()).toEqual(['text_encoder', 'unet', 'vae_decoder']);
    await draw({ init: { image: grey, strength: 0.5 } });
    expect(opened).toContain('vae_encoder');
  });

  it('tells sizes, seeds and the tokens it fed', async () => {
    const outcome = await generateAll(pipeline, { ...request, count: 2, seed: 40 }, quietContext);
    expect(outcome).toMatchObject({ width: 32, height: 32, tokenWeights: [1, 1, 1, 1, 1, 1] });
    expect(pipeline.tokenizer.decode(outcome.tokenIds)).toBe('a red cat on the beach');
    expect(outcome.pictures.map(({ seed, image }) => [seed, image.width, image.height, image.data.length])).toEqual([
      [40, 32, 32, 3072],
      [41, 32, 32, 3072],
    ]);
  });

  it('repeats a seed bit for bit, and draws another picture for another seed, text or weight', async () => {
    const [first] = await draw({});
    expect((await draw({}))[0]).toEqual(first);
    expect((await draw({ seed: 2 }))[0]).not.toEqual(first);
    expect((await draw({ prompt: { text: 'a green tree' } }))[0]).not.toEqual(first);
    expect((await draw({ negative: { text: 'sun' } }))[0]).not.toEqual(first);
    const tokenIds = pipeline.tokenizer.encode('a red cat on the beach').map(({ id }) => id);
    expect((await draw({ prompt: { tokenIds } }))[0]).toEqual(first);
    expect((await draw({ prompt: { tokenIds, tokenWeights: [1, 1.8, 1, 1, 1, 1] } }))[0]).not.toEqual(first);
  });

  it('reads weights in three ways, which are one where nothing is weighed', async () => {
    const tokenIds = pipeline.tokenizer.encode('a red cat on the beach').map(({ id }) => id);
    const ways = ['a1111', 'comfyui', 'compel'] as const;
    const weighed = { tokenIds, tokenWeights: [1, 1.8, 0.4, 1, 1, 1] };
    const drawn = await Promise.all(ways.map((emphasis) => draw({ prompt: weighed, emphasis })));
    const [inFirst, inSecond, inThird] = drawn.map(([picture]) => picture);
    expect(inFirst).toEqual((await draw({ prompt: weighed }))[0]);
    expect(inSecond).not.toEqual(inFirst);
    expect(inThird).not.toEqual(inFirst);
    expect(inThird).not.toEqual(inSecond);
    const [plain] = await draw({});
    for (const emphasis of ways) expect((await draw({ emphasis }))[0]).toEqual(plain);
  });

  it('draws every picture of many as it would alone, guided and not', async () => {
    for (const guidanceScale of [3, 1]) {
      const together = await draw({ guidanceScale, count: 10, seed: 5 });
      expect(together).toHaveLength(10);
      for (const index of [0, 3, 9]) expect((await draw({ guidanceScale, seed: 5 + index }))[0]).toEqual(together[index]);
    }
  });

  it('ignores the negative prompt without guidance', async () => {
    expect(await draw({ guidanceScale: 1, negative: { text: 'sun' } })).toEqual(await draw({ guidanceScale: 1 }));
  });

  it('gives an initial picture back as the VAE sees it at strength 0, whatever the text', async () => {
    const init = { image: grey, strength: 0 };
    const [one] = await draw({ init });
    expect((await draw({ init, prompt: { text: 'moon' } }))[0]).toEqual(one);
    expect((await draw({ init: { image: grey, strength: 0.9 } }))[0]).not.toEqual(one);
  });

  it('runs the prompt alone below the timestep where guidance begins', async () => {
    const [everywhere] = await draw({});
    const [nowhere] = await draw({ guidanceScale: 1 });
    expect((await draw({ guidanceFromTimestep: 0 }))[0]).toEqual(everywhere);
    expect((await draw({ guidanceFromTimestep: 1000 }))[0]).toEqual(nowhere);
    const [early] = await draw({ guidanceFromTimestep: 500 });
    expect(early).not.toEqual(everywhere);
    expect(early).not.toEqual(nowhere);
    const together = await draw({ guidanceFromTimestep: 500, count: 3 });
    expect(together[0]).toEqual(early);
  });

  it('shows an encoder of fewer levels than the decoder half the initial picture at its own side', async () => {
    // The embedded pack reads 64 and draws 128 pixels.
    const wide = await open(join(import.meta.dirname, '../../../models/packs/tiny-scenes/decoder'));
    const large: Pixels = { width: 128, height: 128, channels: 3, data: new Uint8Array(3 * 128 * 128).fill(90) };
    const started = { ...request, prompt: { text: 'grey' }, width: 128, height: 128, init: { image: large, strength: 0 } };
    const { width, pictures } = await generateAll(wide, started, quietContext);
    expect(width).toBe(128);
    for (const { image } of pictures) {
      const values = image.data.reduce((sum, value) => sum + value, 0) / image.data.length;
      expect(Math.abs(values - 90)).toBeLessThan(12);
    }
    await wide.release();
  });

  it('takes prompts of any length', async () => {
    const [long] = await draw({ prompt: { text: 'a red cat on the green tree '.repeat(300) }, steps: 1 });
    expect(long).toHaveLength(3072);
    expect(await draw({ prompt: { text: '' }, steps: 1 })).toHaveLength(1);
  });

  it('reports a rising fraction from 0 to 1', async () => {
    const seen: Progress[] = [];
    await generateAll(pipeline, { ...request, count: 9 }, { ...quietContext, onProgress: (progress) => seen.push(progress) });
    const fractions = seen.map((progress) => progress.fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect([fractions.at(0), fractions.at(-1)]).toEqual([0, 1]);
    expect([...new Set(seen.map((progress) => progress.phase))]).toEqual(['loading', 'encoding', 'denoising', 'decoding']);
    expect(seen.filter((progress) => progress.phase === 'denoising').map((progress) => progress.step)).toEqual([
      1, 2, 3, 4, 1, 2, 3, 4,
    ]);
  });

  it('shows previews that were asked for, and draws the same picture with them', async () => {
    const shown: Preview[] = [];
    const preview = { wants: (step: number): boolean => step % 2 === 0, show: (made: Preview): number => shown.push(made) };
    expect(await draw({ preview })).toEqual(await draw({}));
    expect(shown.map(({ step, steps, image }) => [step, steps, image.width])).toEqual([
      [2, 4, 32],
      [4, 4, 32],
    ]);
    expect(shown[0]?.image.data).not.toEqual(shown[1]?.image.data);
  });
});

describe('cancel', () => {
  const contextOf = (controller: AbortController, onProgress: RunContext['onProgress']): RunContext => ({
    ...quietContext,
    signal: controller.signal,
    onProgress,
  });

  it('stops before the next run and leaves the pipeline ready', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const context = contextOf(controller, (progress) => {
      if (progress.phase !== 'denoising') return;
      steps.push(progress.step);
      if (progress.step === 2) controller.abort();
    });
    await expect(generateAll(pipeline, { ...request, steps: 50 }, context)).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect(steps).toEqual([1, 2]);
    expect(await draw({})).toHaveLength(1);
  });

  it('sees a cancel that arrives as an event while it runs', async () => {
    const controller = new AbortController();
    const running = generateAll(
      pipeline,
      { ...request, steps: 200, count: 64 },
      contextOf(controller, () => void setImmediate(() => controller.abort())),
    );
    await expect(running).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('does nothing when cancelled before it begins', async () => {
    await expect(generateAll(pipeline, request, { ...quietContext, signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });
});

describe('what cannot be drawn', () => {
  it('names sizes the U-Net cannot halve', async () => {
    await expect(draw({ width: 40 })).rejects.toMatchObject({ code: 'bad-request', details: { width: 40, multipleOf: 16 } });
  });

  it('says why it cannot read a second prompt or leave layers out', async () => {
    const second = draw({ secondPrompt: { text: 'a pig' } });
    await expect(second).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining('one prompt') as string });
    await expect(draw({ clipSkip: 1 })).rejects.toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('packs convert') as string,
    });
  });

  it('refuses ids of another vocabulary', async () => {
    await expect(draw({ prompt: { tokenIds: [1, 49_000] } })).rejects.toMatchObject({ code: 'prompt-invalid' });
  });

  it('says which graph is missing, and works once it is there', async () => {
    const folder = join(root, 'incomplete');
    const whole = join(models, 'tiny-stable-diffusion');
    cpSync(whole, folder, { recursive: true, filter: (path) => basename(path) !== 'model.onnx' });
    const incomplete = await open(folder);
    await expect(generateAll(incomplete, request, quietContext)).rejects.toMatchObject({ code: 'pack-file-missing' });
    cpSync(whole, folder, { recursive: true });
    expect((await generateAll(incomplete, request, quietContext)).pictures).toHaveLength(1);
    await incomplete.release();
  });
});

describe('older exports', () => {
  it('draw the same picture: int32 ids, whole rank-1 timesteps, half-precision tensors', async () => {
    const folder = join(root, 'legacy');
    cpSync(join(models, 'tiny-stable-diffusion'), folder, { recursive: true });
    cpSync(join(models, 'tiny-legacy'), folder, { recursive: true, force: true });
    const legacy = await open(folder);
    const settings = { ...request, scheduler: 'ddim', steps: 6 } as const;
    const [expected] = await draw(settings);
    const outcome = await generateAll(legacy, settings, quietContext);
    const differences = outcome.pictures[0]?.image.data.map((value, index) => Math.abs(value - (expected?.[index] ?? 0))) ?? [];
    // Halves carry eleven bits.
    expect(Math.max(...differences)).toBeLessThanOrEqual(3);
    // A VAE encoder that has sampled already gives the mean here, so its deviation is the only difference.
    const fromPicture = await generateAll(legacy, { ...settings, init: { image: grey, strength: 0.5 } }, quietContext);
    expect(fromPicture.pictures[0]?.image.data).toHaveLength(3072);
    await legacy.release();
  });
});
