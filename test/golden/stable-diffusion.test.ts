import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulerNameSchema } from '../../contract/recipe.ts';
import type { Pixels } from '../../main/image/pixels.ts';
import { quietContext } from '../../main/running/run-context.ts';
import { openOnnxSession } from '../../main/tensor/onnx-session.ts';
import type { Session } from '../../main/tensor/session.ts';
import { decodeLatents, encodePicture } from '../../main/text-to-image/vae/autoencoder.ts';
import { denoise } from '../../main/text-to-image/denoise.ts';
import { hasEmbeddedGuidance } from '../../main/text-to-image/denoiser.ts';
import { DiffusionPipeline } from '../../main/text-to-image/diffusion-pipeline.ts';
import { encodePrompts } from '../../main/text-to-image/encode-prompts.ts';
import type { GenerateRequest } from '../../main/text-to-image/generate-request.ts';
import { initialLatents } from '../../main/text-to-image/initial-latents.ts';
import { createNoiseSource } from '../../main/text-to-image/noise-source.ts';
import { stableDiffusion1 } from '../../main/text-to-image/families/stable-diffusion-1.ts';
import { createScheduler } from '../../main/text-to-image/schedulers/create-scheduler.ts';
import { textEncoderOf } from '../../main/text-to-image/text-encoder.ts';
import { largestDifference, readGolden } from './read-golden.ts';
import { generateAll } from '../unit/text-to-image/generate-all.ts';

const runSchema = z.object({
  name: z.string(),
  scheduler: schedulerNameSchema,
  schedulerConfig: z.record(z.string(), z.unknown()),
  request: z.object({
    prompt: z.string().optional(),
    tokenIds: z.array(z.number()).optional(),
    tokenWeights: z.array(z.number()).optional(),
    negative: z.string(),
    guidance: z.number(),
    steps: z.number(),
    seeds: z.array(z.number()),
    strength: z.number().optional(),
    distilled: z.boolean().default(false),
    width: z.number(),
    height: z.number(),
  }),
  started: z.string(),
  states: z.array(z.string()),
  images: z.array(z.string()),
});
const golden = readGolden(
  'stable-diffusion',
  z.object({
    initialPicture: z.string(),
    texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()), embeddings: z.string() })),
    runs: z.array(runSchema),
  }),
);
const [document] = golden.cases;
if (!document) throw new Error('the golden is empty');

const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const floats = (base64: string): Float32Array => new Float32Array(bytes(base64).buffer);
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url));
const sessions = new Map<string, Promise<Session>>();
/** Every run's folder holds the same graphs, so each is opened once. */
function openGraph(path: string, isDistilled: boolean): Promise<Session> {
  const component = basename(dirname(path));
  const folder = isDistilled && component === 'unet' ? 'tiny-latent-consistency' : 'tiny-stable-diffusion';
  const graph = join(fixture(folder), component, 'model.onnx');
  const session = sessions.get(graph) ?? openOnnxSession(graph, { device: 'cpu', threads: 1 });
  sessions.set(graph, session);
  return session;
}
const [clipRule] = stableDiffusion1.textEncoders;
if (!clipRule) throw new Error('the family has no text encoder');
const beforeRun = (): Promise<void> => Promise.resolve();
const initialPicture: Pixels = { width: 32, height: 32, channels: 3, data: bytes(document.initialPicture) };

/** Largest difference, as a share of the largest number where that is above 1: latents of the sigma schedulers begin near 50. */
function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return largestDifference(actual, expected) / scale;
}

let root: string;
let folders = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-golden-'));
});
afterAll(async () => {
  for (const session of sessions.values()) await (await session).release();
  rmSync(root, { recursive: true, force: true });
});

/** The toy folder with the scheduler config of one recorded run. */
function folderOf(run: z.infer<typeof runSchema>): string {
  folders += 1;
  const folder = join(root, String(folders));
  cpSync(fixture('tiny-stable-diffusion'), folder, { recursive: true, filter: (path) => !path.endsWith('.onnx') });
  writeFileSync(join(folder, 'scheduler', 'scheduler_config.json'), JSON.stringify(run.schedulerConfig));
  return folder;
}

function requestOf({ request, scheduler }: z.infer<typeof runSchema>): GenerateRequest {
  const { prompt, tokenIds = [], tokenWeights = [], negative, guidance, steps, seeds, strength, width, height } = request;
  return {
    prompt: prompt === undefined ? { tokenIds, tokenWeights } : { text: prompt },
    negative: { text: negative },
    guidanceScale: guidance,
    steps,
    scheduler,
    seed: seeds[0] ?? 0,
    count: seeds.length,
    width,
    height,
    ...(strength === undefined ? {} : { init: { image: initialPicture, strength } }),
  };
}

describe('the text stage equals transformers', () => {
  for (const { text, ids, embeddings } of document.texts) {
    it(JSON.stringify(text), async () => {
      const open = (path: string): Promise<Session> => openGraph(path, false);
      const pipeline = await DiffusionPipeline.open(fixture('tiny-stable-diffusion'), open);
      expect(pipeline.tokenizer.encode(text).map((token) => token.id)).toEqual(ids);
      const session = await open(join(fixture('tiny-stable-diffusion'), 'text_encoder', 'model.onnx'));
      const tokens = ids.map((id) => ({ id, weight: 1 }));
      const encoder = textEncoderOf(session, pipeline.tokenizer, clipRule, { positions: 77 });
      const [[[encoded] = []] = []] = await encodePrompts(
        [{ encoder, groups: [[{ tokens, clipSkip: 0, emphasis: 'a1111' }]] }],
        beforeRun,
      );
      expect(encoded?.states.shape).toEqual([1, 77, 32]);
      expect(largestDifference(encoded?.states.data ?? [], floats(embeddings))).toBeLessThan(golden.tolerance);
    });
  }
});

describe('latents after every step and the picture equal diffusers', () => {
  for (const run of document.runs) {
    it(run.name, async () => {
      const folder = folderOf(run);
      const open = (path: string): Promise<Session> => openGraph(path, run.request.distilled);
      const pipeline = await DiffusionPipeline.open(folder, open);
      const { config, tokenizer } = pipeline;
      const request = requestOf(run);
      const unet = await open(join(folder, 'unet', 'model.onnx'));
      const session = await open(join(folder, 'text_encoder', 'model.onnx'));
      const encoder = textEncoderOf(session, tokenizer, clipRule, { positions: 77 });
      const weighted = (text: string) => tokenizer.encode(text).map(({ id }) => ({ id, weight: 1 }));
      const { prompt, tokenIds = [], tokenWeights = [] } = run.request;
      const positive =
        prompt === undefined ? tokenIds.map((id, index) => ({ id, weight: tokenWeights[index] ?? 1 })) : weighted(prompt);
      const isGuided = request.guidanceScale > 1 && !hasEmbeddedGuidance(unet, config.family);
      const tokens = isGuided ? [weighted(run.request.negative), positive] : [positive];
      const group = tokens.map((each) => ({ tokens: each, clipSkip: 0, emphasis: 'a1111' as const }));
      const [[embeddings = []] = []] = await encodePrompts([{ encoder, groups: [group] }], beforeRun);
      const { strength, seeds, width, height } = run.request;
      const scheduler = createScheduler(run.scheduler, config.scheduler, {
        steps: request.steps,
        ...(strength === undefined ? {} : { strength }),
      });
      const shape = [seeds.length, config.latentChannels, height / 8, width / 8] as const;
      const noise = createNoiseSource(seeds, shape[1] * shape[2] * shape[3]);
      const initial =
        strength === undefined
          ? null
          : await encodePicture(await open(join(folder, 'vae_encoder', 'model.onnx')), initialPicture, config);

      const latents = initialLatents(initial, noise, seeds.length, scheduler, config);
      expect(relativeDifference(latents, floats(run.started))).toBeLessThan(golden.tolerance);

      const walked: Float32Array[] = [];
      const onStep = (): number => walked.push(latents.slice());
      const { guidanceScale } = request;
      const texts = embeddings.map(({ states }) => ({ encoder_hidden_states: states }));
      const { family } = config;
      const size = { width, height };
      const loop = { family, session: unet, scheduler, latents, shape, texts, guidanceScale, size, noise, beforeRun, onStep };
      await denoise({ ...loop, guidanceRescale: 0, guidanceFromTimestep: 0, masked: null, previewer: null });
      expect(walked).toHaveLength(run.states.length);
      for (const [step, state] of run.states.entries()) {
        expect(relativeDifference(walked[step] ?? new Float32Array(), floats(state)), `after step ${step + 1}`).toBeLessThan(
          golden.tolerance,
        );
      }

      const vaeDecoder = await open(join(folder, 'vae_decoder', 'model.onnx'));
      const decoded = await decodeLatents(vaeDecoder, { dtype: 'float32', shape, data: latents }, config, 8, beforeRun);
      const outcome = await generateAll(pipeline, request, quietContext);
      expect(outcome.pictures.map((picture) => picture.seed)).toEqual(seeds);
      for (const [index, expected] of run.images.map(bytes).entries()) {
        // One grey level where a float falls on the other side of a half.
        expect(largestDifference(decoded[index]?.data ?? [], expected)).toBeLessThanOrEqual(1);
        expect(outcome.pictures[index]?.image).toEqual(decoded[index]);
      }
    });
  }
});
