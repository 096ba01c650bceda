import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import type { Session } from '../../../main/tensor/session.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest, Preview } from '../../../main/text-to-image/generate-request.ts';
import { decodeLatents } from '../../../main/text-to-image/vae/autoencoder.ts';
import { largestDifference } from '../../golden/read-golden.ts';
import { generateAll } from './generate-all.ts';

const model = fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url));
const openGraph = (path: string): Promise<Session> => openOnnxSession(path, { device: 'cpu', threads: 1 });
const request: GenerateRequest = {
  prompt: { text: 'a red cat on the beach' },
  negative: { text: 'blue' },
  steps: 4,
  guidanceScale: 3,
  seed: 1,
  count: 1,
  scheduler: 'euler',
};

let root: string;
let pipeline: DiffusionPipeline;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-previews-'));
  pipeline = await DiffusionPipeline.open(model, openGraph);
});
afterAll(async () => {
  await pipeline.release();
  rmSync(root, { recursive: true, force: true });
});

describe('previews of large pictures', () => {
  const previewsOf = async (drawing: DiffusionPipeline, changes: Partial<GenerateRequest> = {}): Promise<Preview[]> => {
    const shown: Preview[] = [];
    const preview = { wants: () => true, show: (made: Preview): number => shown.push(made) };
    await generateAll(drawing, { ...request, steps: 2, width: 256, height: 128, preview, ...changes }, quietContext);
    return shown;
  };

  it('are projected from latents of a known space, at their own size', async () => {
    const shown = await previewsOf(pipeline);
    expect(shown.map(({ image }) => [image.width, image.height, image.data.length])).toEqual([
      [32, 16, 1536],
      [32, 16, 1536],
    ]);
  });

  it('are decoded by a tiny autoencoder where one is here, which takes latents as the denoiser has them', async () => {
    const asked: Tensor[] = [];
    const openPreviewDecoder = async (): Promise<Session> => {
      const session = await openGraph(join(model, 'vae_decoder', 'model.onnx'));
      const run: Session['run'] = (feeds) => {
        asked.push(...Object.values(feeds));
        return session.run(feeds);
      };
      return { ...session, run };
    };
    const shown = await previewsOf(pipeline, { openPreviewDecoder });
    expect(shown.map(({ image }) => [image.width, image.height])).toEqual([
      [256, 128],
      [256, 128],
    ]);
    const [latents, last] = asked;
    expect(latents?.shape).toEqual([1, 4, 16, 32]);
    // The last estimate is what the picture's own decoder is given, divided by its scale there.
    const data = Float32Array.from(last?.data ?? [], Number);
    const config = pipeline.config;
    const own = await openGraph(join(model, 'vae_decoder', 'model.onnx'));
    const tensor = { dtype: 'float32', shape: [1, 4, 16, 32], data } as const;
    const [picture] = await decodeLatents(own, tensor, config, 1, () => Promise.resolve());
    const { pictures } = await generateAll(pipeline, { ...request, steps: 2, width: 256, height: 128 }, quietContext);
    expect(largestDifference(picture?.data ?? [], pictures[0]?.image.data ?? new Uint8Array())).toBeLessThanOrEqual(1);
    await own.release();
  });

  it('ask a session for its weight, not the disk', async () => {
    const remote = await DiffusionPipeline.open(model, async (path) => {
      const session = await openGraph(path);
      return { ...session, name: 'far away', weightBytes: null };
    });
    const shown: Preview[] = [];
    const preview = { wants: () => true, show: (made: Preview): number => shown.push(made) };
    await generateAll(remote, { ...request, preview }, quietContext);
    // Where the weight is not known, the decoder is not taken for a small one.
    expect(shown.map(({ image }) => image.width)).toEqual([4, 4, 4, 4]);
    await remote.release();
  });

  it('are left out where nothing cheap is known', async () => {
    const folder = join(root, 'other-latents');
    cpSync(model, folder, { recursive: true });
    const config = join(folder, 'vae_decoder', 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('0.18215', '0.5'));
    const other = await DiffusionPipeline.open(folder, openGraph);
    expect(await previewsOf(other)).toEqual([]);
    await other.release();
  });
});
