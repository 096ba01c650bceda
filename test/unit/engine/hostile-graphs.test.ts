import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import type { EngineGenerateRequest } from '../../../main/engine/protocol.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { writeGraph } from '../../../tooling/attacks/packs/write-graph.ts';
import type { ConstantOutput } from '../../../tooling/attacks/packs/write-graph.ts';
import { tinyEncoderFolder } from '../image-to-text/tiny-encoder.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';
import { originalPicture, tinyGenerate, tinyPackFolder, tinyScorer } from './tiny-generate.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: EngineClient;
beforeAll(() => {
  engine = createTestEngine();
});
afterAll(() => engine.close());

const floats = (name: string, shape: number[], ...values: number[]): ConstantOutput => ({
  name,
  dtype: 'float32',
  shape,
  values,
});
const ids = (shape: number[], ...values: number[]): ConstantOutput => ({ name: 'token_ids', dtype: 'int64', shape, values });
const half = floats('token_probs', [1, 2, 1], 0.5);
const even = floats('attention', [1, 2, 4], 0.25);

/** A pack whose head for two tokens answers with these constants. */
function packWithHead(outputs: readonly ConstantOutput[]): string {
  const folder = join(makeTemporaryFolder(), 'tiny');
  cpSync(tinyEncoderFolder, folder, { recursive: true });
  const input = { name: 'image_features', dtype: 'float32', shape: ['batch', 'patches', 'width'] } as const;
  writeFileSync(join(folder, 'pooler_2.onnx'), writeGraph([input], outputs));
  return folder;
}

test('a head of constants is read as any other', async () => {
  const packFolder = packWithHead([ids([1, 2, 1], 0, 1), half, even]);
  const [image] = await readAll(engine, tinyEncode(1, { packFolder, lengths: [2] }));
  expect(image?.texts[0]?.document.slots.map(({ text }) => text)).toEqual(['red', 'green']);
});

test.each<readonly [string, readonly ConstantOutput[]]>([
  ['answers no candidates', [ids([1, 2, 0]), floats('token_probs', [1, 2, 0])]],
  ['answers a candidate too many for a text', [ids([1, 2, 51], 0), floats('token_probs', [1, 2, 51], 0.01)]],
  ['answers for another number of tokens', [ids([1, 3, 1], 0), floats('token_probs', [1, 3, 1], 0.5)]],
  ['names ids below 0', [ids([1, 2, 1], -1), half]],
  ['names ids of 64 bits', [ids([1, 2, 1], 2 ** 40), half]],
  ['names ids that its vocabulary lacks', [ids([1, 2, 1], 4000), half]],
  ['answers probabilities that are no numbers', [ids([1, 2, 1], 0), floats('token_probs', [1, 2, 1], Number.NaN)]],
  ['answers probabilities above 1', [ids([1, 2, 1], 0), floats('token_probs', [1, 2, 1], 7)]],
  ['looks at patches that there are not', [ids([1, 2, 1], 0), half, floats('attention', [1, 2, 9], 0.1)]],
  ['answers nothing of what is asked', [floats('something', [1], 1)]],
])('a head that %s fails its call as the fault of the pack', async (_name, outputs) => {
  const packFolder = packWithHead(outputs);
  await expect(readAll(engine, tinyEncode(1, { packFolder, lengths: [2] }))).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringContaining('The model tiny cannot be used for this.') as string,
  });
});

/** The tiny models with one graph in whose place stands one of constants. */
function drawingWith(graph: string, output: ConstantOutput, changes: Partial<EngineGenerateRequest> = {}): EngineGenerateRequest {
  const folder = makeTemporaryFolder();
  for (const part of ['tiny-stable-diffusion', 'tiny-scorer'])
    cpSync(join(tinyPackFolder, part), join(folder, part), { recursive: true });
  const input = graph.includes('scorer')
    ? ({ name: 'pixel_values', dtype: 'float32', shape: ['batch', 3, 16, 16] } as const)
    : ({ name: 'latent_sample', dtype: 'float32', shape: ['batch', 4, 'height', 'width'] } as const);
  rmSync(join(folder, graph));
  writeFileSync(join(folder, graph), writeGraph([input], [output]));
  return { ...tinyGenerate, packFolder: folder, steps: 1, ...changes };
}

const scored = { fidelity: { scorer: tinyScorer, original: originalPicture } };
const vae = 'tiny-stable-diffusion/vae_decoder/model.onnx';
const vision = 'tiny-scorer/vision_model.onnx';

test.each<readonly [string, () => EngineGenerateRequest]>([
  ['a VAE that answers no numbers', () => drawingWith(vae, floats('sample', [1, 3, 32, 32], Number.NaN))],
  ['a VAE of another size', () => drawingWith(vae, floats('sample', [1, 3, 5, 7], 0))],
  ['a scorer that answers no numbers', () => drawingWith(vision, floats('image_embeds', [1, 8], Number.NaN), scored)],
  ['a scorer that answers no vector', () => drawingWith(vision, floats('image_embeds', [1, 2, 4], 1), scored)],
])('%s fails the drawing as the fault of the pack, and the same engine goes on', async (_name, make) => {
  const before = engine.processId();
  await expect(engine.generate(make(), quietContext)).rejects.toMatchObject({ code: 'pack-invalid' });
  await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  expect(engine.processId()).toBe(before);
});
