import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { SessionCache } from '../../../../main/engine/memory/session-cache.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import { measureGraph } from '../../../../main/tensor/measure-graph.ts';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest } from '../../../../main/text-to-image/generate-request.ts';
import { generateAll } from '../../text-to-image/generate-all.ts';
import { tinyPackFolder } from '../tiny-generate.ts';

const folder = join(tinyPackFolder, 'tiny-stable-diffusion');

/** Over the size that previews ask the VAE for. */
const request: GenerateRequest = {
  ...{ prompt: { text: 'a red cat' }, negative: { text: '' }, steps: 2, guidanceScale: 3, seed: 1, count: 1 },
  ...{ scheduler: 'euler', width: 144, height: 144, preview: { wants: () => true, show: () => undefined } },
};

async function drawWith(memoryBudgetBytes: number): Promise<{ readonly loads: string[]; readonly data: Uint8Array | undefined }> {
  const loads: string[] = [];
  const sessions = new SessionCache({
    openSession: (path) => {
      loads.push(basename(dirname(path)));
      return openOnnxSession(path, { device: 'cpu', threads: 1 });
    },
    ...{ memoryBudgetBytes, measure: measureGraph, readMemoryBytes: () => 0, onChange: () => undefined },
  });
  const pipeline = await DiffusionPipeline.open(folder, sessions.open);
  const { pictures } = await generateAll(pipeline, request, quietContext);
  await pipeline.release();
  return { loads, data: pictures[0]?.image.data };
}

it('where one graph fits at a time, each is loaded when its turn comes, and the picture is the same', async () => {
  const bytesOf = async (part: string): Promise<number> => (await stat(join(folder, part, 'model.onnx'))).size;
  const largest = Math.max(...(await Promise.all(['text_encoder', 'unet', 'vae_decoder'].map(bytesOf))));
  const small = await drawWith(1.3 * largest + 1);
  // The denoiser is looked at first, for what it takes.
  expect(small.loads).toEqual(['unet', 'text_encoder', 'unet', 'vae_decoder']);
  const roomy = await drawWith(1e12);
  expect(roomy.loads).toEqual(['unet', 'text_encoder', 'vae_decoder']);
  expect(small.data).toEqual(roomy.data);
});
