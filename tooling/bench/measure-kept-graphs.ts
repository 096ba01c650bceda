/**
 * Whether a graph that ONNX Runtime optimised once and wrote down is quicker than the plain one, optimised at each load (docs/decisions/0073):
 *
 *   node tooling/bench/measure-kept-graphs.ts GRAPH.onnx [ROUNDS] [OTHER.onnx …] [--side PIXELS]
 *
 * GRAPH is a U-Net of Stable Diffusion's shape with free sizes, such as one that `tooling/bench/peers/make_models.py` writes; each OTHER the same graph as another program rewrote it, such as `tooling/bench/rewrite_unet.py`. Each round loads every graph once and runs it
 * three times, in an order that turns; printed after each round are medians in milliseconds: of the clock, and of the processor, which other work on the machine changes little;
 * and how far its numbers are from the plain graph's, as a share of the largest.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';

type Level = 'disabled' | 'basic' | 'extended' | 'all';
interface Kind {
  readonly name: string;
  readonly path: string;
  readonly level: Level;
}
interface Times {
  apart: number;
  readonly load: number[];
  readonly loadCpu: number[];
  readonly run: number[];
  readonly runCpu: number[];
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { side: { type: 'string', default: '256' } } });
const [graph, rounds = '15', ...others] = positionals;
const latentSide = Number(values.side) / 8;
const runsEachRound = 3;
if (graph === undefined) throw new Error('Name the graph of a U-Net.');
/** As the engine opens graphs (main/tensor/onnx-session.ts). */
const open = (path: string, level: Level, keptAs?: string): Promise<ort.InferenceSession> =>
  ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: level,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(keptAs === undefined ? {} : { optimizedModelFilePath: keptAs }),
  });

/** Numbers that are the same in every run; text states as wide as the graph takes them. */
function feedsFor({ inputMetadata }: ort.InferenceSession): Record<string, ort.Tensor> {
  const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, at) => Math.sin(at));
  return Object.fromEntries(
    inputMetadata.flatMap((input) => {
      if (!input.isTensor) return [];
      const free: Readonly<Record<string, readonly number[]>> = {
        sample: [2, 4, latentSide, latentSide],
        encoder_hidden_states: [2, 77],
        text_embeds: [2],
        time_ids: [2],
        timestep: [1],
      };
      const dims = input.shape.map((side, at) => (typeof side === 'number' ? side : (free[input.name]?.[at] ?? 1)));
      const length = dims.reduce((product, side) => product * side, 1);
      const data = input.type === 'int64' ? BigInt64Array.from({ length }, () => 500n) : wave(length);
      return [[input.name, new ort.Tensor(input.type, data, dims)]];
    }),
  );
}

const told = (values: readonly number[]): string =>
  ([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(0).padStart(6);

async function timed<Value>(act: () => Promise<Value>): Promise<[Value, { readonly clock: number; readonly processor: number }]> {
  const beganMs = performance.now();
  const before = process.cpuUsage();
  const value = await act();
  const { user, system } = process.cpuUsage(before);
  return [value, { clock: performance.now() - beganMs, processor: (user + system) / 1000 }];
}

const folder = await mkdtemp(join(tmpdir(), 'dediffusion-kept-'));
try {
  const kinds: Kind[] = [{ name: 'plain', path: graph, level: 'all' }];
  for (const path of others) kinds.push({ name: `${basename(path)}, opened at all`, path, level: 'all' });
  for (const level of ['extended', 'all'] as const) {
    const path = join(folder, `${level}.onnx`);
    await (await open(graph, level, path)).release();
    kinds.push({ name: `kept at ${level}, opened at all`, path, level: 'all' });
    if (level === 'all') kinds.push({ name: 'kept at all, opened as it is', path, level: 'disabled' });
  }
  const times = new Map<Kind, Times>(kinds.map((kind) => [kind, { apart: 0, load: [], loadCpu: [], run: [], runCpu: [] }]));
  let wanted: Float32Array | null = null;
  for (let round = 0; round < Number(rounds); round += 1) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const kind = kinds[(round + turn) % kinds.length];
      const own = kind === undefined ? undefined : times.get(kind);
      if (kind === undefined || own === undefined) throw new Error('a kind without times');
      const [session, loaded] = await timed(() => open(kind.path, kind.level));
      own.load.push(loaded.clock);
      own.loadCpu.push(loaded.processor);
      const feeds = feedsFor(session);
      // The first run lays out memory.
      await session.run(feeds);
      let output: ort.Tensor | undefined;
      for (let run = 0; run < runsEachRound; run += 1) {
        const [outputs, ran] = await timed(() => session.run(feeds));
        own.run.push(ran.clock);
        own.runCpu.push(ran.processor);
        [output] = Object.values(outputs);
      }
      const said = output?.data instanceof Float32Array ? output.data : new Float32Array(0);
      wanted ??= said;
      if (said.length === 0) throw new Error(`${kind.name} gives no numbers`);
      const furthest = said.reduce((most, value, at) => Math.max(most, Math.abs(value - (wanted?.[at] ?? 0))), 0);
      own.apart = furthest / wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      await session.release();
    }
    console.log(`${round + 1} of ${rounds} rounds`);
    for (const [{ name }, { apart, load, loadCpu, run, runCpu }] of times) {
      const took = `load ${told(load)} (${told(loadCpu)})   step ${told(run)} (${told(runCpu)})`;
      console.log(`${name.padEnd(32)} ${took}   apart ${apart.toExponential(1)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
