import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { quietContext } from '../../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import type { OpenSession } from '../../../../main/tensor/session.ts';
import { DiffusionPipeline } from '../../../../main/text-to-image/diffusion-pipeline.ts';
import type { JudgeRequest } from '../../../../main/text-to-image/judges/judge-texts.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/tiny-stable-diffusion', import.meta.url));

const askedOf = ({ config }: DiffusionPipeline): JudgeRequest => {
  const { latentChannels, defaultWidth, defaultHeight, scaleFactor } = config;
  const original = new Float32Array((latentChannels * defaultWidth * defaultHeight) / scaleFactor ** 2);
  return { texts: [{ text: 'a dog' }, { text: 'fox' }], looks: [{ seed: 1, level: 0.5 }], original };
};

/** Real graphs that tell how many tokens a row of theirs had; a denoiser whose rows are fixed where `fixedTokens` says how long. */
function watchRows(rows: number[], fixedTokens: number | null): OpenSession {
  return async (path) => {
    const session = await openOnnxSession(path, { device: 'cpu', threads: 1 });
    const fix = (name: string, shape: readonly (number | string)[]): readonly (number | string)[] =>
      name === 'encoder_hidden_states' && fixedTokens !== null ? shape.with(1, fixedTokens) : shape;
    return {
      ...session,
      inputs: session.inputs.map((input) => ({ ...input, shape: fix(input.name, input.shape) })),
      run: (feeds) => {
        const tokens = (feeds['input_ids'] ?? feeds['encoder_hidden_states'])?.shape[1];
        if (tokens !== undefined) rows.push(tokens);
        return session.run(feeds);
      },
    };
  };
}

it('texts are read in rows as short as asked, where the graphs allow it', async () => {
  const rows: number[] = [];
  const pipeline = await DiffusionPipeline.open(folder, watchRows(rows, null));
  const whole = await pipeline.judge(askedOf(pipeline), quietContext);
  expect(rows.splice(0)).toEqual([77, 77]);
  const short = await pipeline.judge({ ...askedOf(pipeline), rowLength: 8 }, quietContext);
  expect(rows.splice(0)).toEqual([8, 8]);
  expect(short.losses).not.toEqual(whole.losses);
  await pipeline.release();
});

it('a denoiser that takes rows of one length is told whole ones', async () => {
  const rows: number[] = [];
  const pipeline = await DiffusionPipeline.open(folder, watchRows(rows, 77));
  await pipeline.judge({ ...askedOf(pipeline), rowLength: 8 }, quietContext);
  expect(rows).toEqual([77, 77]);
  await pipeline.release();
});
