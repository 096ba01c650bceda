import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { CrashingGraphs } from '../../../main/packs/crashing-graphs.ts';
import { writeGraph } from '../../../tooling/attacks/packs/write-graph.ts';
import { tinyEncoderFolder } from '../image-to-text/tiny-encoder.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

let engine: EngineClient;
afterEach(async () => {
  vi.unstubAllEnvs();
  await engine.close();
});

function copyPack(): string {
  const folder = join(makeTemporaryFolder(), 'tiny');
  cpSync(tinyEncoderFolder, folder, { recursive: true });
  return folder;
}

function startEngine(): CrashingGraphs {
  const file = join(makeTemporaryFolder(), 'crashing-graphs.json');
  const crashing = new CrashingGraphs({ file, remember: true, log: () => undefined });
  engine = createTestEngine({ crashing, crashLoop: { limit: 1000, windowMs: 1 } });
  return crashing;
}

/** Every engine that is started from now on is ended by this signal when it is given a graph of this name. */
function endAt(graph: string, signal: string): void {
  const script = `
    const send = process.send.bind(process);
    process.send = (event) => {
      send(event);
      if (event.type === 'graph' && event.path.endsWith(${JSON.stringify(graph)})) process.kill(process.pid, '${signal}');
    };`;
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(script)}`);
}

const read = (packFolder: string, lengths: number[]) =>
  readAll(engine, tinyEncode(1, { packFolder, lengths })).then(
    () => 'read',
    (error: unknown) => {
      if (!(error instanceof StudioError)) throw error;
      return error;
    },
  );

test('a graph that ends the engine while it is loaded does so twice, is named, and is not tried a third time; the rest of its pack is', async () => {
  const crashing = startEngine();
  const packFolder = copyPack();
  const input = { name: 'image_features', dtype: 'float32', shape: ['batch', 'patches', 'width'] } as const;
  const ids = { name: 'token_ids', dtype: 'int64', shape: [1, 2, 1], values: [-(2 ** 63)], dividedBy: -1 } as const;
  const half = { name: 'token_probs', dtype: 'float32', shape: [1, 2, 1], values: [0.5] } as const;
  writeFileSync(join(packFolder, 'pooler_2.onnx'), writeGraph([input], [ids, half]));
  // Other processors do not stop at this division.
  if (process.arch !== 'x64') endAt('pooler_2.onnx', 'SIGFPE');
  for (let death = 0; death < 2; death += 1) {
    expect(await crashing.of(packFolder)).toEqual([]);
    expect(await read(packFolder, [2])).toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('at the graph') as string,
      details: { graph: expect.stringMatching(/tiny\/pooler_2\.onnx$/) as string, ended: false },
    });
  }
  expect(await crashing.of(packFolder)).toEqual([{ graph: 'pooler_2.onnx', device: 'cpu' }]);
  const refused = await read(packFolder, [2]);
  expect(refused).toMatchObject({ code: 'pack-invalid', details: { pack: 'tiny', crashed: true } });
  expect(String(refused)).toContain('The model tiny cannot be used for this. Its graph');
  const { restarts } = engine.status();
  expect(await read(packFolder, [5])).toBe('read');
  expect(await read(packFolder, [2])).toMatchObject({ code: 'pack-invalid' });
  expect(engine.status().restarts).toBe(restarts);
  await crashing.clear(packFolder);
  expect(await read(packFolder, [2])).toMatchObject({ code: 'engine-crashed' });
});
