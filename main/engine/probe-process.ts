import { fileURLToPath } from 'node:url';
import { StudioError } from '../../contract/errors.ts';
import { deviceNameSchema } from '../../contract/studio-info.ts';
import { openOnnxSession } from '../tensor/onnx-session.ts';
import type { ProbeAnswer } from './probe-device.ts';

/**
 * Tries one device in a process that may die of it: multiplies two matrices and looks at the result.
 * The device's name is the only argument; the answer goes to the parent, see probe-device.ts.
 */

/** 2 × 512³ operations: enough that a real graphics processor is ahead, some ten milliseconds on a CPU. */
const side = 512;
const timedRuns = 3;

async function probe(): Promise<ProbeAnswer> {
  const device = deviceNameSchema.parse(process.argv[2]);
  const session = await openOnnxSession(fileURLToPath(new URL('./probe.onnx', import.meta.url)), { device });
  const left = Float32Array.from({ length: side * side }, (_, index) => (index % 7) - 3);
  // Twice the identity: the product is twice the left matrix.
  const right = new Float32Array(side * side);
  for (let row = 0; row < side; row++) right[row * side + row] = 2;
  const shape = [side, side];
  const timesMs: number[] = [];
  for (let run = 0; run <= timedRuns; run++) {
    const startMs = performance.now();
    const { product } = await session.run({
      left: { dtype: 'float32', shape, data: left },
      right: { dtype: 'float32', shape, data: right },
    });
    // The first run sets things up and is not counted.
    if (run > 0) timesMs.push(performance.now() - startMs);
    if (!product || left.some((value, index) => product.data[index] !== 2 * value))
      return { works: false, reason: 'wrong-result' };
  }
  return { works: true, probeMs: Math.min(...timesMs) };
}

function describe(error: unknown): string {
  if (error instanceof StudioError) return String(error.details['reason'] ?? error.message);
  return error instanceof Error ? error.message : String(error);
}

const answer = await probe().catch((error: unknown): ProbeAnswer => ({ works: false, reason: describe(error) }));
process.send?.(answer, () => process.exit(0));
