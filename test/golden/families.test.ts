import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulerNameSchema } from '../../contract/recipe.ts';
import type { Pixels } from '../../main/image/pixels.ts';
import { quietContext } from '../../main/running/run-context.ts';
import { assembleConditioning } from '../../main/text-to-image/assemble-conditioning.ts';
import { DiffusionPipeline } from '../../main/text-to-image/diffusion-pipeline.ts';
import { encodePrompts } from '../../main/text-to-image/encode-prompts.ts';
import type { GenerateRequest } from '../../main/text-to-image/generate-request.ts';
import { PromptReader } from '../../main/text-to-image/prompt-reader.ts';
import { readDecoderFolder } from '../../main/text-to-image/read-decoder-folder.ts';
import { textEncoderOf } from '../../main/text-to-image/text-encoder.ts';
import { generateAll } from '../unit/text-to-image/generate-all.ts';
import { largestDifference, readGolden } from './read-golden.ts';
import { fixture, openToyFolders } from './toy-folders.ts';

const runSchema = z.object({
  folder: z.string(),
  name: z.string(),
  hasT5: z.boolean(),
  scheduler: schedulerNameSchema,
  schedulerConfig: z.record(z.string(), z.unknown()),
  steps: z.number(),
  guidance: z.number(),
  seeds: z.array(z.number()),
  request: z.object({
    prompt: z.string(),
    secondPrompt: z.string().optional(),
    negative: z.string(),
    secondNegative: z.string().optional(),
    guidanceRescale: z.number().optional(),
    clipSkip: z.number().optional(),
    strength: z.number().optional(),
    width: z.number(),
    height: z.number(),
  }),
  images: z.array(z.string()),
});
type Run = z.infer<typeof runSchema>;
const golden = readGolden(
  'families',
  z.object({
    initialPicture: z.string(),
    texts: z.array(z.object({ folder: z.string(), text: z.string(), states: z.record(z.string(), z.string()) })),
    runs: z.array(runSchema),
  }),
);
const [document] = golden.cases;
if (!document) throw new Error('the golden is empty');

const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const initialPicture: Pixels = { width: 32, height: 32, channels: 3, data: bytes(document.initialPicture) };
const { openGraph, folderOf } = openToyFolders();

/** The toy folder with what one recorded run had of it: its scheduler's config, and T5 or not. */
function folderOfRun(run: Run): string {
  const folder = folderOf(run);
  if (!run.hasT5) {
    const index = join(folder, 'model_index.json');
    const parts = z.looseObject({}).parse(JSON.parse(readFileSync(index, 'utf8')));
    writeFileSync(index, JSON.stringify({ ...parts, text_encoder_3: [null, null], tokenizer_3: [null, null] }));
  }
  return folder;
}

function requestOf({ request, guidance, steps, scheduler, seeds }: Run): GenerateRequest {
  const { guidanceRescale, clipSkip } = request;
  const { prompt, secondPrompt, negative, secondNegative, strength, width, height } = request;
  return {
    prompt: { text: prompt },
    ...(secondPrompt === undefined ? {} : { secondPrompt: { text: secondPrompt } }),
    negative: { text: negative },
    ...(secondNegative === undefined ? {} : { secondNegative: { text: secondNegative } }),
    guidanceScale: guidance,
    ...(guidanceRescale === undefined ? {} : { guidanceRescale }),
    ...(clipSkip === undefined ? {} : { clipSkip }),
    steps,
    scheduler,
    seed: seeds[0] ?? 0,
    count: seeds.length,
    width,
    height,
    ...(strength === undefined ? {} : { init: { image: initialPicture, strength } }),
  };
}

describe('what a text tells the denoiser equals diffusers', () => {
  for (const { folder, text, states } of document.texts) {
    it(folder, async () => {
      const config = await readDecoderFolder(fixture(folder));
      const prompts = await PromptReader.open(config);
      const given = { first: { text }, second: null, isNegative: false, clipSkip: 0, emphasis: 'a1111' } as const;
      const texts = await Promise.all(
        config.textEncoders.map(async (rule) => {
          const session = await openGraph(folder)(join(fixture(folder), rule.component, 'model.onnx'));
          const encoder = textEncoderOf(session, prompts.tokenizerOf(rule), rule, rule);
          return { encoder, groups: [[{ ...given, tokens: prompts.tokensFor(rule, given) }]] };
        }),
      );
      const encoded = await encodePrompts(texts, () => Promise.resolve());
      const byEncoder = Object.fromEntries(texts.map(({ encoder }, index) => [encoder.rule.component, encoded[index]?.[0]?.[0]]));
      const told = assembleConditioning(config.family, byEncoder, config.textWidth);
      expect(Object.keys(told).toSorted()).toEqual(Object.keys(states).toSorted());
      for (const [input, expected] of Object.entries(states)) {
        const floats = new Float32Array(bytes(expected).buffer);
        expect(largestDifference(told[input]?.data ?? [], floats), input).toBeLessThan(golden.tolerance);
      }
    });
  }
});

describe('pictures of other families equal diffusers', () => {
  for (const run of document.runs) {
    it(`${run.folder}, ${run.name}`, async () => {
      const pipeline = await DiffusionPipeline.open(folderOfRun(run), openGraph(run.folder));
      const { pictures } = await generateAll(pipeline, requestOf(run), quietContext);
      expect(pictures.map(({ seed }) => seed)).toEqual(run.seeds);
      for (const [index, expected] of run.images.map(bytes).entries()) {
        // One grey level where a float falls on the other side of a half.
        expect(largestDifference(pictures[index]?.image.data ?? [], expected)).toBeLessThanOrEqual(1);
      }
    });
  }
});
