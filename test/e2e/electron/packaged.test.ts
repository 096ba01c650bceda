import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageApp } from '../../../tooling/package/package-app.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { childrenOf, desktopCommand, electronPath, removeHome, skippedBecause } from '../../helpers/electron-launch.ts';
import { startPackedProgram } from '../../helpers/packed-program.ts';
import type { PackedProgram } from '../../helpers/packed-program.ts';

/** Where Electron keeps its fuses: after this text come a version, a count, and one character for each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const limitMs = 900_000;
const skipped = electronPath === null || process.platform !== 'linux';

describe.skipIf(skipped)(`packed program${skipped ? ` (skipped, ${skippedBecause})` : ''}`, () => {
  let folder: string;
  let unpacked: string;
  let program: PackedProgram | null = null;
  let home: string | null = null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dediffusion-package-'));
    const outFolder = join(folder, 'out');
    // The page is not built again: other specs are being served from it.
    await packageApp({ formats: ['dir'], outFolder, rebuild: false });
    unpacked = join(outFolder, 'linux-unpacked');
  }, limitMs);
  afterAll(async () => {
    await program?.close();
    if (home !== null) await removeHome(home);
    await rm(folder, { recursive: true });
  }, limitMs);

  test('holds native code of this system only, and nothing for development', async () => {
    const names = await readdir(join(unpacked, 'resources', 'studio'), { recursive: true });
    const native = names.filter((name) => /\.(node|dll|dylib)$|\.so(\.|$)/.test(name));
    expect(native.length).toBeGreaterThanOrEqual(4);
    for (const name of native) {
      expect(name).toMatch(/linux/);
      expect(name).not.toMatch(/musl|darwin|win32|wasm/);
    }
    for (const absent of [
      'typescript',
      'vite',
      'vitest',
      'electron',
      'electron-builder',
      'svelte',
      'playwright-core',
      'onnxruntime-web',
    ]) {
      expect(names).not.toContain(join('node_modules', absent));
    }
    expect(names).not.toContain('test');
    // sharp's native code comes as packages, one for each system.
    const images = await readdir(join(unpacked, 'resources', 'studio', 'node_modules', '@img'));
    expect(images.sort()).toEqual(['colour', `sharp-libvips-linux-${process.arch}`, `sharp-linux-${process.arch}`]);
    const runtimes = names.filter((name) => /onnxruntime-node\/bin\/napi-v\d+\/[^/]+\/[^/]+$/.test(name));
    expect(runtimes).toEqual([expect.stringMatching(new RegExp(`/linux/${process.arch}$`))]);
    expect((await readdir(join(unpacked, 'resources'))).filter((name) => /^(app|default_app)/.test(name))).toEqual(['app.asar']);
    expect(await readdir(join(unpacked, 'resources'))).toContain('studio');
  });

  test('is about as large as what it holds, and no larger', async () => {
    const folder = join(unpacked, 'resources', 'studio');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
    // Node, ONNX Runtime and the pack are most of it; a second system's ONNX Runtime would add some 40 MB.
    expect(megabytes).toBeGreaterThan(150);
    expect(megabytes).toBeLessThan(270);
  });

  test('has its fuses set: no Node, no options from outside, nothing but its own archive', async () => {
    const binary = await readFile(join(unpacked, 'dediffusion-studio'), 'latin1');
    const at = binary.indexOf(fuseMark) + fuseMark.length;
    const [runAsNode, cookieEncryption, nodeOptions, inspect, asarIntegrity, onlyAsar, , fileProtocol] = binary.slice(
      at + 2,
      at + 10,
    );
    expect({ runAsNode, cookieEncryption, nodeOptions, inspect, asarIntegrity, onlyAsar, fileProtocol }).toEqual({
      runAsNode: '0',
      cookieEncryption: '1',
      nodeOptions: '0',
      inspect: '0',
      asarIntegrity: '1',
      onlyAsar: '1',
      fileProtocol: '0',
    });
  });

  test(
    'starts on its own Node, reads a sample and draws it',
    async () => {
      const command = await desktopCommand({
        executable: join(unpacked, 'dediffusion-studio'),
        arguments: ['--remote-debugging-port=0'],
      });
      home = command.home;
      program = await startPackedProgram({
        command: [command.executablePath, ...command.args],
        ...{ env: command.env, cwd: tmpdir(), home: command.home },
      });
      const { page } = program;
      const hosts = (await childrenOf(program.process.pid ?? 0)).filter(({ command: line }) => line.includes('host-process.ts'));
      expect(hosts.map(({ command: line }) => line.split(' host')[0])).toEqual([
        expect.stringContaining(join('resources', 'studio', 'bin', 'node')),
      ]);
      const on = new StudioPage(page);
      await on.openSample();
      await on.waitForResults(1);
      expect(await on.tokens.count()).toBeGreaterThan(5);
      const drawn = page.getByRole('region', { name: 'Results' }).locator('img').first();
      // Its place is there before its bytes are.
      await expect
        .poll(() => drawn.evaluate((image) => (image as HTMLImageElement).naturalWidth), { timeout: limitMs })
        .toBe(128);
    },
    limitMs,
  );
});
