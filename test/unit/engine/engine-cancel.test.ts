import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { createTestEngine, isAlive, readAll, slowEncode, tinyEncode } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

describe('cancelling', () => {
  let engine: EngineClient;
  afterEach(() => engine.close());

  test('between runs: the request rejects with the reason, and the same process is idle', async () => {
    engine = createTestEngine({ cancelDeadlineMs: 60_000 });
    await readAll(engine, tinyEncode());
    const before = engine.processId();
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const { imageIndex } of engine.encode(tinyEncode(5000), { ...quietContext, signal: controller.signal })) {
        seen.push(imageIndex);
        if (imageIndex === 3) controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(seen.length).toBeLessThan(5000);
    expect(engine.status().state).toBe('idle');
    expect(engine.processId()).toBe(before);
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });

  test('leaving the loop cancels too', async () => {
    engine = createTestEngine({ cancelDeadlineMs: 60_000 });
    for await (const image of engine.encode(tinyEncode(5000), quietContext)) if (image.imageIndex === 2) break;
    expect(engine.status().state).toBe('idle');
    await expect(readAll(engine, tinyEncode(2))).resolves.toHaveLength(2);
  });

  test('before its turn: it never starts, and the one before it is not disturbed', async () => {
    engine = createTestEngine();
    const first = readAll(engine, tinyEncode(40));
    const controller = new AbortController();
    const second = readAll(engine, tinyEncode(5), controller.signal);
    const third = readAll(engine, tinyEncode(2));
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(await first).toHaveLength(40);
    expect(await third).toHaveLength(2);
  });

  test('in a run that does not end: the process is replaced after the deadline', async () => {
    engine = createTestEngine({ cancelDeadlineMs: 100 });
    const controller = new AbortController();
    let before = 0;
    let firstAtMs = 0;
    const read = async (): Promise<void> => {
      for await (const { imageIndex } of engine.encode(slowEncode(3), { ...quietContext, signal: controller.signal })) {
        const nowMs = performance.now();
        if (imageIndex === 0) {
          before = engine.processId() ?? 0;
          firstAtMs = nowMs;
          continue;
        }
        // A length of time, because nothing tells that a run is under way: half of what the last one took here is the middle of the next.
        setTimeout(() => controller.abort(), (nowMs - firstAtMs) / 2);
      }
    };
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
    expect(before).toBeGreaterThan(0);
    // The answer does not wait until the process and its gigabytes are gone; who comes next does.
    expect(engine.processId()).toBe(before);
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
    expect(isAlive(before)).toBe(false);
    expect(engine.processId()).not.toBe(before);
  });
});
