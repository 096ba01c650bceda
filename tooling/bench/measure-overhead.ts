import type { EngineClient } from '../../main/engine/engine-client.ts';
import { quietContext } from '../../main/running/run-context.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { encodeAll, encodeRequest, generateRequest } from './engine-requests.ts';
import { withEngine } from './with-engine.ts';

const RUNS = 11;

/** 1 − (time inside ONNX Runtime ÷ wall time of the request), in percent, as the engine clocks it. */
function overheadPercent(engine: EngineClient): number {
  const timing = engine.lastTiming();
  if (!timing) throw new Error('The engine reported no timing.');
  return 100 * (1 - timing.runtimeMs / timing.wallMs);
}

async function medianOverhead(engine: EngineClient, run: () => Promise<unknown>): Promise<number> {
  await run();
  const values: number[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    await run();
    values.push(overheadPercent(engine));
  }
  return median(values);
}

/** What everything around the model costs. Sessions are warm; the median of eleven runs counts. */
export async function measureOverhead(pack: BenchPack, pictures: readonly string[]): Promise<BenchRow[]> {
  const generate = await withEngine((engine) =>
    medianOverhead(engine, () => engine.generate(generateRequest(pack, 20, 1), quietContext)),
  );
  const encode = await withEngine((engine) =>
    medianOverhead(engine, () => encodeAll(engine, encodeRequest(pack, pictures, [75]))),
  );
  return [
    judge({ name: 'overhead of generate, 20 steps', unit: '%', atMost: 5 }, generate),
    judge({ name: `overhead of batch encode, ${pictures.length} images`, unit: '%', atMost: 5 }, encode),
  ];
}
