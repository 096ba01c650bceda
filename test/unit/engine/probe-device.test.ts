import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { deviceProbeSchema } from '../../../contract/studio-info.ts';
import { explainRefusal, probeDevice } from '../../../main/engine/probe-device.ts';
import { probeDevices } from '../../../main/engine/probe-devices.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

describe('probing', () => {
  test('every device has an answer in words, the CPU works, and it is asked once', async () => {
    const probes = await probeDevices();
    expect(probes.map((probe) => probe.device)).toEqual(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
    for (const probe of probes) {
      expect(deviceProbeSchema.parse(probe)).toEqual(probe);
      expect(probe.reason).not.toBe('');
      expect(probe.probeMs === null).toBe(!probe.available);
    }
    expect(probes[0]?.available).toBe(true);
    expect(await probeDevices()).toBe(probes);
  });

  test('devices of other systems are not tried', async () => {
    const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
    expect(await probeDevice(foreign)).toMatchObject({ available: false, reason: expect.stringContaining('only') as string });
  });

  test('libraries of CUDA that are not here are told apart from a driver that is not', () => {
    const missing = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library';
    expect(explainRefusal('cuda', missing, false)).toBe("NVIDIA's CUDA libraries for ONNX Runtime are not installed.");
    const card = 'No NVIDIA card with a driver that is new enough was found.';
    expect(explainRefusal('cuda', missing, true)).toBe(card);
    const said = 'CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; file=/src/core/providers/cuda/libcu.cc';
    expect(explainRefusal('cuda', `cuda_call.cc:146 CUDA failure 35: ${said}`, true)).toBe(card);
    expect(explainRefusal('cuda', 'CUDA failure 100: no CUDA-capable device is detected', true)).toBe(card);
  });

  test('a probe that dies is an answer', async () => {
    // A Node that is told to load what does not exist ends before it can answer.
    const probe = await probeDevice('cpu', null, { ...process.env, NODE_OPTIONS: '--require /nowhere/at/all.cjs' });
    expect(probe).toMatchObject({ available: false, reason: expect.stringContaining('crashed') as string });
  });

  test('a probe that answers what cannot be read is an answer, and ends nobody', async () => {
    const says = join(makeTemporaryFolder(), 'says.cjs');
    writeFileSync(says, 'process.send({ works: true, probeMs: Number.NaN });');
    const probe = await probeDevice('cpu', null, { ...process.env, NODE_OPTIONS: `--require ${says}` });
    expect(probe).toMatchObject({ available: false, reason: expect.stringContaining('cannot be read') as string });
  });
});
