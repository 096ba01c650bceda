import { cpus } from 'node:os';
import type { EngineClient } from '../../main/engine/engine-client.ts';
import { quietContext } from '../../main/running/run-context.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { encodeAll, encodeRequest, generateRequest } from './engine-requests.ts';
import { withEngine } from './with-engine.ts';

const RUNS = 11;

interface Clocked {
  /** 1 − (time inside ONNX Runtime ÷ wall time of the request), in percent, as the engine clocks it. */
  readonly overheadPercent: number;
  readonly seconds: number;
  /** How much of the time the machine's cores had work, whoever gave it, in percent. */
  readonly busyPercent: number;
}

/** Milliseconds since the machine started, summed over its cores. */
function readCores(): { readonly idleMs: number; readonly allMs: number } {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({ idle, all: user + nice + sys + idle + irq }));
  return { idleMs: times.reduce((sum, { idle }) => sum + idle, 0), allMs: times.reduce((sum, { all }) => sum + all, 0) };
}

async function clock(engine: EngineClient, run: () => Promise<unknown>): Promise<Clocked> {
  await run();
  const before = readCores();
  const timings: { readonly runtimeMs: number; readonly wallMs: number }[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    await run();
    const timing = engine.lastTiming();
    if (!timing) throw new Error('The engine reported no timing.');
    timings.push(timing);
  }
  const after = readCores();
  return {
    busyPercent: 100 * (1 - (after.idleMs - before.idleMs) / (after.allMs - before.allMs)),
    overheadPercent: median(timings.map(({ runtimeMs, wallMs }) => 100 * (1 - runtimeMs / wallMs))),
    seconds: median(timings.map(({ wallMs }) => wallMs / 1000)),
  };
}

/** What everything around the model costs, and how long a picture takes. Sessions are warm; the median of eleven runs counts. */
export async function measureOverhead(pack: BenchPack, pictures: readonly string[]): Promise<BenchRow[]> {
  const generate = await withEngine((engine) => clock(engine, () => engine.generate(generateRequest(pack, 20, 1), quietContext)));
  const encode = await withEngine((engine) => clock(engine, () => encodeAll(engine, encodeRequest(pack, pictures, [75]))));
  return [
    judge({ name: 'overhead of generate, 20 steps', unit: '%', atMost: 5 }, generate.overheadPercent),
    judge({ name: 'a picture of 20 steps at the default size, warm', unit: 's', atMost: 3 }, generate.seconds),
    judge({ name: `overhead of batch encode, ${pictures.length} images`, unit: '%', atMost: 5 }, encode.overheadPercent),
    // Where every core has work all the time, less time outside of the runtime would not be more pictures a second.
    judge({ name: 'cores at work in a batch encode', unit: '%', atLeast: 90 }, encode.busyPercent),
  ];
}
