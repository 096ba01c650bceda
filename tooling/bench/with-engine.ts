import { createEngineClient } from '../../main/engine/create-engine-client.ts';
import type { EngineClient } from '../../main/engine/engine-client.ts';

/** Runs `measure` with a fresh engine on the CPU, and ends it. */
export async function withEngine<T>(measure: (engine: EngineClient) => Promise<T>): Promise<T> {
  const engine = createEngineClient({ device: 'cpu', deviceReason: 'the benchmark measures the CPU' });
  try {
    return await measure(engine);
  } finally {
    await engine.close();
  }
}
