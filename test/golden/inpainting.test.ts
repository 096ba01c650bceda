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
import { DiffusionPipeline } from '../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest } from '../../main/text-to-image/generate-request.ts';
import { generateAll } from '../unit/text-to-image/generate-all.ts';
import { largestDifference, readGolden } from './read-golden.ts';

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
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url));
const image: Pixels = { width: 32, height: 32, channels: 3, data: bytes(document.initialPicture) };
const mask: Pixels = { ...image, data: Uint8Array.from([...bytes(document.mask)].flatMap((grey) => [grey, grey, grey])) };

/** U-Nets that fill in; the other parts are those of their base. */
const bases: Readonly<Record<string, string>> = {
  'tiny-inpainting': 'tiny-stable-diffusion',
  'tiny-sdxl-inpainting': 'tiny-sdxl',
};
/** Every run's folder holds the same graphs, so each is opened once. */
const sessions = new Map<string, Promise<Session>>();
function openGraph(folder: string): (path: string) => Promise<Session> {
  return (path) => {
    const component = basename(dirname(path));
    const owner = component === 'unet' ? folder : (bases[folder] ?? folder);
    const graph = join(fixture(owner), component, 'model.onnx');
    const session = sessions.get(graph) ?? openOnnxSession(graph, { device: 'cpu', threads: 1 });
    sessions.set(graph, session);
    return session;
  };
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dediffusion-inpainting-'));
});
afterAll(async () => {
  for (const session of sessions.values()) await (await session).release();
  rmSync(root, { recursive: true, force: true });
});

/** The toy folder with the scheduler's config of one recorded run. */
function folderOf(run: Run, place: number): string {
  const folder = join(root, String(place));
  const filter = (path: string): boolean => !path.endsWith('.onnx');
  const base = bases[run.folder];
  if (base !== undefined) cpSync(fixture(base), folder, { recursive: true, filter });
  cpSync(fixture(run.folder), folder, { recursive: true, filter, force: true });
  writeFileSync(join(folder, 'scheduler', 'scheduler_config.json'), JSON.stringify(run.schedulerConfig));
  return folder;
}

const requestOf = ({ request, guidance, steps, scheduler, seeds: [seed = 0] }: Run): GenerateRequest => ({
  prompt: { text: request.prompt },
  negative: { text: request.negative },
  ...{ steps, scheduler, seed, guidanceScale: guidance, count: 1, width: request.width, height: request.height },
  init: { image, mask, strength: request.strength },
});

describe('a part of a picture drawn anew equals diffusers', () => {
  for (const [place, run] of document.runs.entries()) {
    it(`${run.folder}, ${run.name}`, async () => {
      const pipeline = await DiffusionPipeline.open(folderOf(run, place), openGraph(run.folder));
      const { pictures } = await generateAll(pipeline, requestOf(run), quietContext);
      // One grey level where a float falls on the other side of a half.
      expect(largestDifference(pictures[0]?.image.data ?? [], bytes(run.images[0] ?? ''))).toBeLessThanOrEqual(1);
    });
  }

  it.each(['tiny-stable-diffusion', 'tiny-inpainting'])('and each picture of a batch as it comes alone: %s', async (folder) => {
    const runs = document.runs.filter((run) => run.folder === folder && ['strength 1', 'another seed'].includes(run.name));
    const [first] = runs;
    if (first === undefined) throw new Error(`no runs of ${folder}`);
    const pipeline = await DiffusionPipeline.open(folderOf(first, document.runs.length), openGraph(folder));
    const { pictures } = await generateAll(pipeline, { ...requestOf(first), count: 2 }, quietContext);
    expect(runs.map(({ seeds }) => seeds[0])).toEqual(pictures.map(({ seed }) => seed));
    for (const [index, run] of runs.entries())
      expect(largestDifference(pictures[index]?.image.data ?? [], bytes(run.images[0] ?? ''))).toBeLessThanOrEqual(1);
  });
});
