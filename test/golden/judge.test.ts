import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { quietContext } from '../../main/running/run-context.ts';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../main/text-to-image/diffusion-pipeline.ts';
import { largestDifference, readGolden } from './read-golden.ts';

const golden = readGolden(
  'judge',
  z.object({
    schedulerConfig: z.looseObject({ prediction_type: z.string() }),
    side: z.number(),
    picture: z.string(),
    texts: z.array(z.string()),
    looks: z.array(z.object({ seed: z.number(), level: z.number() })),
    losses: z.array(z.number()),
  }),
);

const toy = fileURLToPath(new URL('../fixtures/models/tiny-stable-diffusion', import.meta.url));
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-judge-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each(golden.cases.map((one) => [one.schedulerConfig.prediction_type, one] as const))(
  "texts have the losses that diffusers' model has: %s",
  async (name, { schedulerConfig, side, picture, texts, looks, losses }) => {
    const folder = join(root, name);
    cpSync(toy, folder, { recursive: true });
    writeFileSync(join(folder, 'scheduler', 'scheduler_config.json'), JSON.stringify(schedulerConfig));
    const pipeline = await DiffusionPipeline.open(folder, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
    const data = Uint8Array.from(Buffer.from(picture, 'base64'));
    const order = { texts: texts.map((text) => ({ text })), looks };
    const judged = await pipeline.judge({ ...order, original: { width: side, height: side, channels: 3, data } }, quietContext);
    expect(largestDifference(judged.losses, losses)).toBeLessThan(golden.tolerance);
    // An earlier judgement's latents stand for the picture.
    const again = await pipeline.judge({ ...order, original: judged.latents }, quietContext);
    expect(again.losses).toEqual(judged.losses);
    await pipeline.release();
  },
);

it('a decoder that was distilled is refused by name', async () => {
  const folder = fileURLToPath(new URL('../fixtures/models/tiny-latent-consistency', import.meta.url));
  const copy = join(root, 'distilled');
  cpSync(toy, copy, { recursive: true });
  cpSync(folder, copy, { recursive: true });
  const pipeline = await DiffusionPipeline.open(copy, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
  const order = { texts: [{ text: 'a dog' }], looks: [{ seed: 1, level: 0.5 }], original: new Float32Array(4 * 4 * 4) };
  await expect(pipeline.judge(order, quietContext)).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringContaining('distilled') as string,
  });
  await pipeline.release();
});
