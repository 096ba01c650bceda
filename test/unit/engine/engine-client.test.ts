import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import { alternativesAt, decodeReading } from '../../../contract/texts/reading.ts';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import type { Progress } from '../../../main/running/run-context.ts';
import { redAndGreenPng, tinyEncoderRole } from '../image-to-text/tiny-encoder.ts';
import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

describe('one engine', () => {
  const engine = createTestEngine();
  afterAll(() => engine.close());

  test('starts with the first request, and is idle after it with its graphs loaded', async () => {
    expect(engine.status()).toMatchObject({ state: 'stopped', device: 'cpu', reason: 'tests', restarts: 0 });
    const states = new Set<string>();
    const stop = engine.onStatus(({ state }) => states.add(state));
    await readAll(engine, tinyEncode());
    stop();
    expect([...states]).toEqual(expect.arrayContaining(['starting', 'busy', 'idle']));
    const { state, loadedSessions, memoryBytes } = engine.status();
    expect(state).toBe('idle');
    expect([...loadedSessions].sort()).toEqual([
      'models/tiny-encoder/backbone.onnx',
      'models/tiny-encoder/pooler_2.onnx',
      'models/tiny-encoder/pooler_5.onnx',
    ]);
    expect(memoryBytes).toBeGreaterThan(1e6);
  });

  test('gives one document an image and length, in order, that fit the contract', async () => {
    const png = await redAndGreenPng();
    const sha256 = 'b'.repeat(64);
    const images = [{ source: new Uint8Array(png), imageSha256: sha256 }, ...tinyEncode(20).images];
    const results = await readAll(engine, tinyEncode(0, { images, lengths: [5, 2], topK: 3 }));
    expect(results.map((result) => result.imageIndex)).toEqual(images.map((_, index) => index));
    const [first] = results;
    expect(first?.texts.map(({ document }) => document.length)).toEqual([5, 2]);
    for (const { document } of first?.texts ?? []) expect(promptDocumentSchema.parse(document)).toEqual(document);
    expect(first?.texts[1]?.document.imageSha256).toBe(sha256);
    expect(first?.texts[1]?.document.slots.map((slot) => slot.text)).toEqual(['red', 'green']);
    const bytes = first?.texts[1]?.reading ?? new Uint8Array();
    expect(alternativesAt(decodeReading(bytes), 0)).toHaveLength(3);
  });

  test('a bad image carries its error and the others go on; progress rises to 1', async () => {
    const images = [...tinyEncode(3).images, { source: '/nowhere/lost.png', imageSha256: null }, ...tinyEncode(9).images];
    const progress: Progress[] = [];
    const codes = [];
    const context = { ...quietContext, onProgress: (one: Progress) => progress.push(one) };
    for await (const image of engine.encode(tinyEncode(0, { images }), context)) codes.push(image.error?.code ?? 'fine');
    expect(codes).toEqual(images.map((_, index) => (index === 3 ? 'file-unreadable' : 'fine')));
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((first, second) => first - second));
    expect(fractions.at(-1)).toBe(1);
    expect(progress[0]?.phase).toBe('loading');
  });

  test('passes the engine’s errors on and goes on working', async () => {
    await expect(readAll(engine, tinyEncode(1, { lengths: [15] }))).rejects.toMatchObject({ code: 'length-unsupported' });
    const missing = { ...tinyEncoderRole, backbone: { file: 'lost.onnx' } };
    await expect(readAll(engine, tinyEncode(1, { encoder: missing }))).rejects.toMatchObject({ code: 'pack-file-missing' });
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
    expect(engine.status().restarts).toBe(0);
  });

  test('requests wait for one another', async () => {
    const both = await Promise.all([readAll(engine, tinyEncode(12)), readAll(engine, tinyEncode(3))]);
    expect(both.map((images) => images.length)).toEqual([12, 3]);
  });

  test('a listener that throws ends its own request only', async () => {
    const context = {
      ...quietContext,
      onProgress: () => {
        throw new Error('a fault of the listener');
      },
    };
    const read = async (): Promise<void> => {
      for await (const image of engine.encode(tinyEncode(50), context)) expect(image.error).toBeNull();
    };
    await expect(read()).rejects.toThrow('a fault of the listener');
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });

  test('measures the time inside the runtime', async () => {
    await readAll(engine, tinyEncode(10));
    const timing = engine.lastTiming();
    expect(timing?.runtimeMs).toBeGreaterThan(0);
    expect(timing?.wallMs).toBeGreaterThan(timing?.runtimeMs ?? Number.POSITIVE_INFINITY);
  });

  test('unload frees every graph, and the next request loads them again', async () => {
    await engine.unload();
    expect(engine.status().loadedSessions).toEqual([]);
    await expect(readAll(engine, tinyEncode(1, { lengths: [2] }))).resolves.toHaveLength(1);
    expect(engine.status().loadedSessions).toHaveLength(2);
  });
});

describe('an engine with other settings', () => {
  let engine: EngineClient | null = null;
  afterEach(() => engine?.close());

  test('unloads by itself when idle', async () => {
    engine = createTestEngine({ unloadAfterIdleMs: 50 });
    await readAll(engine, tinyEncode());
    while (engine.status().loadedSessions.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(engine.status().state).toBe('idle');
  });

  test('says what is needed when the memory budget cannot hold a graph', async () => {
    engine = createTestEngine({ memoryBudgetBytes: 1_000_000 });
    await expect(readAll(engine, tinyEncode())).rejects.toMatchObject({
      code: 'memory-exceeded',
      hint: expect.stringMatching(/above \d+ MB/) as string,
    });
  });

  test('uses another device from the next request on', async () => {
    engine = createTestEngine();
    await readAll(engine, tinyEncode());
    const before = engine.processId();
    engine.setDevice('dml', 'asked for');
    expect(engine.status()).toMatchObject({ device: 'dml', reason: 'asked for' });
    if (process.platform !== 'win32') {
      await expect(readAll(engine, tinyEncode())).rejects.toMatchObject({ code: 'device-unavailable' });
    }
    engine.setDevice('cpu', 'back again');
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
    expect(engine.processId()).not.toBe(before);
  });

  test('closed, it takes no more requests', async () => {
    engine = createTestEngine();
    engine.warm();
    await engine.close();
    await expect(readAll(engine, tinyEncode())).rejects.toMatchObject({ code: 'engine-unavailable' });
    expect(engine.status().state).toBe('stopped');
  });
});
