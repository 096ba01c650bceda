import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';
import { tinyGenerate } from './tiny-generate.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

/** Every engine started in this test runs these lines before its own. */
function beforeEngine(script: string): void {
  vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(script)}`);
}

describe('a message that cannot be read', () => {
  let engine: EngineClient;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await engine.close();
  });

  test('from the engine fails its call: a seed that is no number a seed can be', async () => {
    engine = createTestEngine();
    const drawing = engine.generate({ ...tinyGenerate, guidance: 1, seed: Number.MAX_SAFE_INTEGER, count: 2 }, quietContext);
    await expect(drawing).rejects.toMatchObject({ code: 'internal' });
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });

  test('from the engine fails its call: a fraction that is no number', async () => {
    beforeEngine(`
      const send = process.send.bind(process);
      process.send = (event) => send(event.type === 'done' ? { ...event, wallMs: NaN } : event);`);
    engine = createTestEngine({ cancelDeadlineMs: 50 });
    await expect(readAll(engine, tinyEncode())).rejects.toMatchObject({ code: 'internal' });
    vi.unstubAllEnvs();
    await engine.kill();
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
  });

  test('from the host is answered with an error, and the same engine goes on', async () => {
    engine = createTestEngine();
    await readAll(engine, tinyEncode());
    const before = engine.processId();
    const drawing = engine.generate({ ...tinyGenerate, guidance: Number.NaN }, quietContext);
    await expect(drawing).rejects.toMatchObject({ code: 'internal' });
    await expect(readAll(engine, tinyEncode(2))).resolves.toHaveLength(2);
    expect(engine.processId()).toBe(before);
  });

  test('an error that nobody waited for fails the call that runs, and the same engine goes on', async () => {
    beforeEngine(`
      let stray = 1;
      process.on('message', ({ type }) => type === 'encode' && stray-- > 0 && Promise.reject(new Error('words of a person')));`);
    const logged: string[] = [];
    engine = createTestEngine({ log: (line) => logged.push(line) });
    await expect(readAll(engine, tinyEncode(200))).rejects.toMatchObject({ code: 'internal' });
    const before = engine.processId();
    await expect(readAll(engine, tinyEncode())).resolves.toHaveLength(1);
    expect(engine.processId()).toBe(before);
    expect(logged.join('\n')).toContain('Error');
    expect(logged.join('\n')).not.toContain('words of a person');
  });
});
