import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SessionCache } from '../../../../main/engine/memory/session-cache.ts';
import { measureGraph } from '../../../../main/tensor/measure-graph.ts';
import type { Tensor } from '../../../../main/tensor/tensor.ts';
import { openOnCpu, tinyEncoderFolder } from '../../image-to-text/tiny-encoder.ts';

const path = (name: string): string => join(tinyEncoderFolder, name);
const pixels: Tensor = { dtype: 'float32', shape: [1, 3, 8, 8], data: new Float32Array(192).fill(0.5) };
const features: Tensor = { dtype: 'float32', shape: [1, 4, 3], data: new Float32Array(12).fill(0.5) };

/** The files are 318 to 941 bytes; `budget` counts them over a process of 1,000,000 bytes. */
function createCache(
  budget: number,
  readMemoryBytes = () => 1_000_000,
): { cache: SessionCache; opened: string[]; loaded: () => string[] } {
  const opened: string[] = [];
  const cache = new SessionCache({
    openSession: (one) => {
      opened.push(one);
      return openOnCpu(one);
    },
    measure: measureGraph,
    memoryBudgetBytes: 1_000_000 + budget,
    readMemoryBytes,
    onChange: () => undefined,
  });
  return { cache, opened, loaded: () => cache.loadedPaths.map((one) => one.slice(tinyEncoderFolder.length + 1)) };
}

describe('SessionCache', () => {
  test('keeps what fits, and opens nothing twice', async () => {
    const { cache, opened, loaded } = createCache(10_000);
    for (let round = 0; round < 3; round++) await (await cache.open(path('backbone.onnx'))).run({ pixel_values: pixels });
    await Promise.all([cache.open(path('pooler_2.onnx')), cache.open(path('pooler_2.onnx'))]);
    expect(loaded()).toEqual(['backbone.onnx', 'pooler_2.onnx']);
    expect(opened).toHaveLength(2);
  });

  test('unloads the least recently used for another, and loads it again when it is run', async () => {
    // Room for pooler_5 (941 bytes × 1.3) and one of the smaller ones.
    const { cache, opened, loaded } = createCache(2000);
    const backbone = await cache.open(path('backbone.onnx'));
    const two = await cache.open(path('pooler_2.onnx'));
    await backbone.run({ pixel_values: pixels });
    const five = await cache.open(path('pooler_5.onnx'));
    expect(loaded()).toEqual(['backbone.onnx', 'pooler_5.onnx']);
    const { token_ids: ids } = await two.run({ image_features: features });
    expect(ids?.shape).toEqual([1, 2, 4]);
    expect(loaded()).toEqual(['pooler_2.onnx']);
    expect((await five.run({ image_features: features }))['token_ids']?.shape).toEqual([1, 5, 4]);
    expect(opened).toHaveLength(5);
  });

  test('a smaller budget unloads the least recently used at once, and holds from then on', async () => {
    const { cache, loaded } = createCache(10_000);
    await cache.open(path('backbone.onnx'));
    await cache.open(path('pooler_2.onnx'));
    await cache.open(path('pooler_5.onnx'));
    await cache.setMemoryBudget(1_000_000 + 1300);
    expect(loaded()).toEqual(['pooler_5.onnx']);
    await cache.setMemoryBudget(1_000_000 + 1000);
    expect(loaded()).toEqual([]);
    await expect(
      cache.open(path('pooler_5.onnx')).then((session) => session.run({ image_features: features })),
    ).rejects.toMatchObject({ code: 'memory-exceeded' });
  });

  test('unloadAll frees everything and its handles go on working', async () => {
    const { cache, loaded } = createCache(10_000);
    const backbone = await cache.open(path('backbone.onnx'));
    await cache.unloadAll();
    expect(loaded()).toEqual([]);
    expect(Object.keys(await backbone.run({ pixel_values: pixels }))).toEqual(['last_hidden_state']);
    expect(loaded()).toEqual(['backbone.onnx']);
  });

  test('a graph that is running is not unloaded under its run', async () => {
    const { cache, loaded } = createCache(1300);
    const slow = await cache.open(path('slow.onnx'));
    const running = slow.run({ pixel_values: pixels });
    await cache.open(path('backbone.onnx'));
    expect(loaded()).toContain('slow.onnx');
    expect(Object.keys(await running)).toEqual(['last_hidden_state']);
  });

  test('a graph that was replaced in its folder is opened anew', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'session-cache-'));
    const model = join(folder, 'model.onnx');
    const { cache, opened } = createCache(10_000);
    await copyFile(path('backbone.onnx'), model);
    const before = await cache.open(model);
    expect(await cache.open(model)).toBe(before);
    expect(before.outputs.map(({ name }) => name)).toEqual(['last_hidden_state']);
    await copyFile(path('pooler_2.onnx'), model);
    const after = await cache.open(model);
    expect((await after.run({ image_features: features }))['token_ids']?.shape).toEqual([1, 2, 4]);
    expect(opened).toEqual([model, model]);
    await rm(folder, { recursive: true });
  });

  test('a graph beyond the budget is refused before it is opened, external data counted', async () => {
    const large = fileURLToPath(new URL('../../../fixtures/models/session/external-data.onnx', import.meta.url));
    const requiredBytes = 1_000_000 + Math.ceil(((await stat(large)).size + 3 * 1024) * 1.3);
    const { cache, opened } = createCache(3000);
    await expect(cache.open(large)).rejects.toMatchObject({
      code: 'memory-exceeded',
      details: { requiredBytes, memoryBudgetBytes: 1_003_000 },
    });
    expect(opened).toEqual([]);
  });

  test('memory that the process does not give back costs no graph but those that must go', async () => {
    let residentBytes = 1_000_000;
    const { cache, loaded } = createCache(3000, () => residentBytes);
    await cache.open(path('backbone.onnx'));
    await cache.open(path('pooler_2.onnx'));
    // What runs left behind in the allocator: no unloading frees it.
    residentBytes = 2_000_000;
    await cache.open(path('pooler_5.onnx'));
    expect(loaded()).toEqual(['backbone.onnx', 'pooler_2.onnx', 'pooler_5.onnx']);
    await cache.setMemoryBudget(1_000_000 + 2500);
    expect(loaded()).toEqual(['pooler_2.onnx', 'pooler_5.onnx']);
  });

  test('graphs that are loaded at the same time are counted together', async () => {
    // Room for pooler_5 (941 bytes × 1.3) and backbone, and for pooler_2 and backbone, not for all three.
    const { cache, loaded } = createCache(2000);
    await cache.open(path('backbone.onnx'));
    await Promise.all([cache.open(path('pooler_2.onnx')), cache.open(path('pooler_5.onnx'))]);
    expect(loaded()).not.toContain('backbone.onnx');
  });
});
