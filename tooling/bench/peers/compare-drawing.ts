import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import type { EngineGenerateRequest } from '../../../main/engine/protocol.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { judge } from '../bench-row.ts';
import type { BenchRow } from '../bench-row.ts';
import { takeStep } from '../tell-step.ts';
import { withEngine } from '../with-engine.ts';
import { readPeakMb } from './open-peers.ts';
import { PeerProcess } from './peer-process.ts';
import { takeTurns } from './take-turns.ts';

const ROUNDS = 3;
const drawn = { prompt: 'a photo of the red cat', negative: 'blue dog', steps: 8, guidance: 5, seed: 7, side: 256 };

function requestOf(folder: string, model: string): EngineGenerateRequest {
  const { prompt, side, ...same } = drawn;
  const image = { width: side, height: side, multipleOf: 8 };
  const defaults = { steps: same.steps, guidance: same.guidance, scheduler: 'ddim' as const, negative: same.negative };
  return {
    packFolder: folder,
    decoder: { layout: 'diffusers', folder: `${model}-onnx`, image, defaults },
    prompt: { type: 'text', text: prompt },
    ...same,
    count: 1,
    scheduler: 'ddim',
    width: side,
    height: side,
    init: null,
    fidelity: null,
    previews: false,
  };
}

/** One picture: red, green and blue of every pixel. */
async function draw(engine: EngineClient, request: EngineGenerateRequest): Promise<Buffer> {
  const { images } = await engine.generate(request, quietContext);
  const [image] = images;
  if (image === undefined) throw new Error('Nothing was drawn.');
  return sharp(image.png).removeAlpha().raw().toBuffer();
}

function largestDifference(one: Buffer, other: Buffer): number {
  if (one.length !== other.length) throw new Error('Two pictures of one size were to be compared.');
  return one.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (other[index] ?? 0))), 0);
}

/** One picture of a model by us, Optimum and diffusers in turns: time, the most memory of each process, loading included, and how far the pictures are apart. */
async function compareModel(python: string, folder: string, model: string, label: string): Promise<BenchRow[]> {
  const peers = { optimum: `${model}-onnx`, diffusers: model } as const;
  return withEngine(async (engine) => {
    const optimum = await PeerProcess.start(python, 'optimum', join(folder, peers.optimum));
    const diffusers = await PeerProcess.start(python, 'diffusers', join(folder, peers.diffusers));
    try {
      const request = requestOf(folder, model);
      let ours: Buffer = Buffer.alloc(0);
      const out = (name: string): string => join(folder, `${model}-${name}.rgb`);
      const seconds = await takeTurns(
        [
          { name: 'ours', work: async () => void (ours = await draw(engine, request)) },
          { name: 'optimum', work: () => optimum.ask({ ...drawn, out: out('optimum') }) },
          { name: 'diffusers', work: () => diffusers.ask({ ...drawn, out: out('diffusers') }) },
        ],
        ROUNDS,
      );
      const peak = {
        ours: await readPeakMb(engine.processId() ?? 0),
        optimum: await readPeakMb(optimum.processId),
        diffusers: await readPeakMb(diffusers.processId),
      };
      const rows: BenchRow[] = [];
      for (const [name, called] of [
        ['optimum', 'Optimum'],
        ['diffusers', 'diffusers'],
      ] as const) {
        const [mine = 0, theirs = 0] = [seconds['ours'], seconds[name]];
        const shown = `${mine.toFixed(2)} s for ${theirs.toFixed(2)} s`;
        const held = `${peak.ours.toFixed(0)} MB for ${peak[name].toFixed(0)} MB`;
        const difference = largestDifference(ours, await readFile(out(name)));
        rows.push(
          judge({ name: `${label}, time of a picture over ${called}'s (${shown})`, unit: '×', atMost: 0.9 }, mine / theirs),
          judge({ name: `${label}, peak memory over ${called}'s (${held})`, unit: '×', atMost: 1 }, peak.ours / peak[name]),
          judge({ name: `${label}, largest difference from ${called}'s picture`, unit: 'levels', atMost: 2 }, difference),
        );
      }
      const timing = engine.lastTiming();
      if (!timing) throw new Error('The engine reported no timing.');
      const overhead = 100 * (1 - timing.runtimeMs / timing.wallMs);
      rows.push(judge({ name: `${label}, overhead of generate`, unit: '%', atMost: 2 }, overhead));
      return rows;
    } finally {
      await optimum.close();
      await diffusers.close();
    }
  });
}

export async function compareDrawing(python: string, folder: string): Promise<BenchRow[]> {
  const shapes = [
    ['sd1', 'SD 1 shape'],
    ['sdxl', 'SDXL shape'],
  ] as const;
  const rows: BenchRow[] = [];
  for (const [model, label] of shapes)
    rows.push(...(await takeStep(label, 10 * 60_000, () => compareModel(python, folder, model, label))));
  return rows;
}
