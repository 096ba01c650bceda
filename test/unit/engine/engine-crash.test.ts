import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { createTestEngine, isAlive, readAll, slowEncode, tinyEncode, until, whenStatus } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

/** Every crash is forgotten at once: no pause before the next start, and no giving up. */
const forgiving = { limit: 1000, windowMs: 1 };
const roomy = 900_000;

function crash(engine: EngineClient): void {
  const processId = engine.processId();
  if (processId !== null) process.kill(processId, 'SIGKILL');
}

describe('an engine that dies', () => {
  let engine: EngineClient;
  afterEach(() => engine.close());

  test(
    '100 kills at random moments: every request ends as completed or as engine-crashed, and the next works',
    async () => {
      engine = createTestEngine({ crashLoop: forgiving });
      const outcomes = { completed: 0, crashed: 0 };
      // A multiplicative congruence instead of Math.random, so that a failure can be repeated.
      let state = 20261123;
      for (let kill = 0; kill < 100; kill++) {
        state = (state * 48271) % 2147483647;
        const delayMs = kill % 20 === 0 ? null : (state / 2147483647) * 250;
        const request = readAll(engine, tinyEncode(30));
        const settled = request.then(
          (images) => {
            expect(images).toHaveLength(30);
            outcomes.completed += 1;
          },
          (error: unknown) => {
            if (!(error instanceof StudioError) || error.code !== 'engine-crashed') throw error;
            outcomes.crashed += 1;
          },
        );
        // Every twentieth time in the middle of the work for certain.
        if (delayMs === null)
          await whenStatus(engine, ({ state: now, loadedSessions }) => now === 'busy' && loadedSessions.length > 0);
        else await new Promise((resolve) => setTimeout(resolve, delayMs));
        if (kill % 2 === 0) crash(engine);
        else await engine.kill();
        await settled;
      }
      expect(outcomes.completed + outcomes.crashed).toBe(100);
      expect(outcomes.crashed).toBeGreaterThan(4);
      await expect(readAll(engine, tinyEncode(3))).resolves.toHaveLength(3);
    },
    roomy,
  );

  test('a crash rejects the running request alone; the one behind it runs on the next process', async () => {
    engine = createTestEngine();
    await readAll(engine, tinyEncode());
    const slow = readAll(engine, slowEncode());
    const next = readAll(engine, tinyEncode(4));
    await whenStatus(engine, ({ loadedSessions }) => loadedSessions.some((path) => path.endsWith('slow.onnx')));
    crash(engine);
    await expect(slow).rejects.toMatchObject({ code: 'engine-crashed', details: { signal: 'SIGKILL', ended: false } });
    await expect(next).resolves.toHaveLength(4);
    expect(engine.status()).toMatchObject({ state: 'idle', restarts: 1 });
  });

  test('crashing again and again, it gives up with a hint until it is asked to start', async () => {
    engine = createTestEngine({ crashLoop: { limit: 3, windowMs: roomy } });
    for (let attempt = 0; attempt < 3; attempt++) {
      const request = readAll(engine, slowEncode());
      await until(() => engine.processId() !== null);
      crash(engine);
      await expect(request).rejects.toMatchObject({ code: 'engine-crashed' });
    }
    expect(engine.status().state).toBe('failed');
    await expect(readAll(engine, tinyEncode())).rejects.toMatchObject({ code: 'engine-unavailable' });
    engine.warm();
    expect(engine.processId()).toBeNull();
    expect((await engine.restart()).state).toBe('starting');
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });

  test('ended on demand it says so, and that is no crash', async () => {
    engine = createTestEngine({ crashLoop: { limit: 1, windowMs: roomy } });
    const request = readAll(engine, slowEncode());
    const ended = expect(request).rejects.toMatchObject({ code: 'engine-crashed', details: { ended: true } });
    await until(() => engine.processId() !== null);
    await engine.kill();
    await ended;
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });
});

describe('a host that dies', () => {
  test('takes its engine with it', async () => {
    const host = spawn(process.execPath, [fileURLToPath(new URL('./host-that-waits.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const engineId = await new Promise<number>((resolve) => {
      createInterface({ input: host.stdout }).once('line', (line) => resolve(Number(line)));
    });
    expect(isAlive(engineId)).toBe(true);
    host.kill('SIGKILL');
    await until(() => !isAlive(engineId));
    expect(isAlive(engineId)).toBe(false);
  });
});
