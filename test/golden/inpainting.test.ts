import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulerNameSchema } from '../../contract/recipe.ts';
import type { Pixels } from '../../main/image/pixels.ts';
import { quietContext } from '../../main/running/run-context.ts';
import { DiffusionPipeline } from '../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest } from '../../main/text-to-image/generate-request.ts';
import { generateAll } from '../unit/text-to-image/generate-all.ts';
import { largestDifference, readGolden } from './read-golden.ts';
import { openToyFolders } from './toy-folders.ts';

const runSchema = z.object({
  folder: z.string(),
  name: z.string(),
  scheduler: schedulerNameSchema,
  schedulerConfig: z.record(z.string(), z.unknown()),
  steps: z.number(),
  guidance: z.number(),
  seeds: z.array(z.number()).length(1),
  request: z.object({ prompt: z.string(), negative: z.string(), strength: z.number(), width: z.number(), height: z.number() }),
  images: z.array(z.string()),
});
type Run = z.infer<typeof runSchema>;
const [document] = readGolden(
  'inpainting',
  z.object({ initialPicture: z.string(), mask: z.string(), runs: z.array(runSchema) }),
).cases;
if (!document) throw new Error('the golden is empty');

const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const image: Pixels = { width: 32, height: 32, channels: 3, data: bytes(document.initialPicture) };
const mask: Pixels = { ...image, data: Uint8Array.from([...bytes(document.mask)].flatMap((grey) => [grey, grey, grey])) };

const { openGraph, folderOf } = openToyFolders();

const requestOf = ({ request, guidance, steps, scheduler, seeds: [seed = 0] }: Run): GenerateRequest => ({
  prompt: { text: request.prompt },
  negative: { text: request.negative },
  ...{ steps, scheduler, seed, guidanceScale: guidance, count: 1, width: request.width, height: request.height },
  init: { image, mask, strength: request.strength },
});

describe('a part of a picture drawn anew equals diffusers', () => {
  for (const run of document.runs) {
    it(`${run.folder}, ${run.name}`, async () => {
      const pipeline = await DiffusionPipeline.open(folderOf(run), openGraph(run.folder));
      const { pictures } = await generateAll(pipeline, requestOf(run), quietContext);
      // One grey level where a float falls on the other side of a half.
      expect(largestDifference(pictures[0]?.image.data ?? [], bytes(run.images[0] ?? ''))).toBeLessThanOrEqual(1);
    });
  }

  it.each(['tiny-stable-diffusion', 'tiny-inpainting'])('and each picture of a batch as it comes alone: %s', async (folder) => {
    const runs = document.runs.filter((run) => run.folder === folder && ['strength 1', 'another seed'].includes(run.name));
    const [first] = runs;
    if (first === undefined) throw new Error(`no runs of ${folder}`);
    const pipeline = await DiffusionPipeline.open(folderOf(first), openGraph(folder));
    const { pictures } = await generateAll(pipeline, { ...requestOf(first), count: 2 }, quietContext);
    expect(runs.map(({ seeds }) => seeds[0])).toEqual(pictures.map(({ seed }) => seed));
    for (const [index, run] of runs.entries())
      expect(largestDifference(pictures[index]?.image.data ?? [], bytes(run.images[0] ?? ''))).toBeLessThanOrEqual(1);
  });
});
