import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import type { ReadPicture } from '../../../main/ports/reader.ts';
import { decodeImage } from '../../../main/image/decode/decode-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { tinyGenerate } from './tiny-generate.ts';
import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

/**
 * A machine without a graphics processor still has one in software: the headless Chromium of the tests carries
 * SwiftShader, which is a Vulkan driver. The engine finds it as the system's Vulkan library.
 */
function unpackSoftwareVulkan(folder: string): void {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageFolder = entry.slice(0, entry.indexOf(join('@sparticuz', 'chromium')) + join('@sparticuz', 'chromium').length);
  const archive = brotliDecompressSync(readFileSync(join(packageFolder, 'bin', 'swiftshader.tar.br')));
  execFileSync('tar', ['-x', '-C', folder, 'libvk_swiftshader.so'], { input: archive });
  symlinkSync('libvk_swiftshader.so', join(folder, 'libvulkan.so.1'));
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('WebGPU, in software', () => {
  let folder = '';
  let cpu: EngineClient;
  let webgpu: EngineClient;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'software-vulkan-'));
    unpackSoftwareVulkan(folder);
    vi.stubEnv('LD_LIBRARY_PATH', folder);
    cpu = createTestEngine();
    webgpu = createTestEngine({ device: 'webgpu' });
  });
  afterAll(async () => {
    await Promise.all([cpu.close(), webgpu.close()]);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test('reads the same text as the CPU', async () => {
    const texts = (images: readonly ReadPicture[]): unknown =>
      images.map((image) =>
        image.texts.map(({ document }) => document.slots.map(({ tokenId, position }) => [tokenId, position])),
      );
    const onWebgpu = await readAll(webgpu, tinyEncode(2));
    expect(texts(onWebgpu)).toEqual(texts(await readAll(cpu, tinyEncode(2))));
    expect(onWebgpu[0]?.texts[0]?.document.slots.length).toBeGreaterThan(0);
  });

  test('draws the same picture as the CPU, to one step of 255', async () => {
    const [expected, actual] = await Promise.all(
      [cpu, webgpu].map(async (engine) => {
        const { images } = await engine.generate({ ...tinyGenerate, steps: 2, guidance: 1 }, quietContext);
        expect(images[0]?.device).toBe(engine === cpu ? 'cpu' : 'webgpu');
        return (await decodeImage(images[0]?.png ?? new Uint8Array())).data;
      }),
    );
    expect(actual?.length).toBe(32 * 32 * 3);
    const difference = Math.max(...Array.from(actual ?? [], (value, index) => Math.abs(value - (expected?.[index] ?? -1000))));
    expect(difference).toBeLessThanOrEqual(1);
  });
});
