import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDecoderFolder } from '../../../main/text-to-image/read-decoder-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dediffusion-decoder-'));
  cpSync(fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url)), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('.onnx'),
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('readDecoderFolder', () => {
  it('reads sizes, scales and schedule', async () => {
    expect(await readDecoderFolder(folder)).toMatchObject({
      latentChannels: 4,
      denoiserChannels: 4,
      scaleFactor: 8,
      encoderScaleFactor: 8,
      multipleOf: 16,
      defaultWidth: 32,
      defaultHeight: 32,
      latents: { scale: 0.18215, shift: 0, mean: null, std: null },
      textEncoders: [{ component: 'text_encoder', positions: 77 }],
      scheduler: { betaSchedule: 'scaled_linear', predictionType: 'epsilon', stepsOffset: 1 },
    });
  });

  it('takes Stable Diffusion 1.x for what older exports leave out', async () => {
    for (const part of ['unet', 'vae_decoder', 'text_encoder']) rmSync(join(folder, part), { recursive: true });
    rmSync(join(folder, 'model_index.json'));
    expect(await readDecoderFolder(folder)).toMatchObject({
      latentChannels: 4,
      scaleFactor: 8,
      multipleOf: 64,
      defaultWidth: 512,
      textEncoders: [{ component: 'text_encoder', positions: null }],
    });
  });

  it('reads the infinities Python writes', async () => {
    writeFileSync(
      join(folder, 'scheduler', 'scheduler_config.json'),
      '{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "beta_start": 0.1}',
    );
    expect((await readDecoderFolder(folder)).scheduler).toMatchObject({ betaStart: 0.1, lambdaMinClipped: undefined });
  });

  it('refuses other families by name', async () => {
    writeFileSync(
      join(folder, 'model_index.json'),
      JSON.stringify({
        _class_name: 'KandinskyPipeline',
        movq: ['diffusers', 'VQModel'],
      }),
    );
    await expect(readDecoderFolder(folder)).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringContaining('KandinskyPipeline with a movq') as string,
    });
  });

  it('names a missing or damaged config', async () => {
    const path = join(folder, 'scheduler', 'scheduler_config.json');
    writeFileSync(path, '{"beta_start": "much"}');
    await expect(readDecoderFolder(folder)).rejects.toMatchObject({ code: 'pack-invalid', details: { path } });
    rmSync(path);
    await expect(readDecoderFolder(folder)).rejects.toMatchObject({ code: 'pack-file-missing', details: { path } });
  });
});
