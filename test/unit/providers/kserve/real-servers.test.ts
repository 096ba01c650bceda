import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attentionOne, decodeReading } from '../../../../contract/texts/reading.ts';
import type { PackManifest } from '../../../../contract/models/pack.ts';
import { createEngineClient } from '../../../../main/engine/create-engine-client.ts';
import { composeRemoteName } from '../../../../main/packs/name-remote-graph.ts';
import { exportTriton } from '../../../../main/packs/triton/export-triton.ts';
import { testCluster } from '../../../../main/providers/kserve/create-graph-runner.ts';
import type { GraphRunner } from '../../../../main/ports/graph-runner.ts';
import type { ReadPicture } from '../../../../main/ports/reader.ts';
import { expectSameDrawing } from '../../engine/expect-same-drawing.ts';
import { createTestEngine, readAll } from '../../engine/tiny-engine.ts';
import { openCluster, packFolder, readServedPack } from '../../../helpers/open-cluster.ts';

/**
 * Pythons that have the packages tooling/model-servers/ names; .ci/run makes them where it can. Without them nothing here runs: no test
 * needs a network.
 */
const kinds = [
  {
    name: 'Triton',
    python: process.env['DEDIFFUSION_TRITON_PYTHON'] ?? '',
    script: 'serve_triton.py',
    program: /^triton 2/,
    binary: true,
  },
  {
    ...{ name: 'MLServer', python: process.env['DEDIFFUSION_MLSERVER_PYTHON'] ?? '', script: 'serve_mlserver.py' },
    ...{ program: /^mlserver 1/, binary: false },
  },
];
const never = new AbortController().signal;
const samples = ['1-pig', '2-clock', '4-cat'].map((name) => `${packFolder}/samples/${name}.png`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const numbersOf = (read: readonly ReadPicture[]): number[] =>
  read.flatMap(({ texts }) =>
    texts.flatMap(({ reading }) => {
      const { probabilities, attention } = decodeReading(reading);
      return [...probabilities, ...Array.from(attention ?? [], (share) => share / attentionOne)];
    }),
  );

/** The servers behind `runner` read pictures as this machine does, within 1e-4. */
async function expectSameReading(manifest: PackManifest, runner: GraphRunner, sources: readonly string[]): Promise<void> {
  const { encoder } = manifest.roles;
  if (encoder === undefined) throw new Error('it reads');
  const request = {
    ...{ packFolder, packId: manifest.id, packVersion: manifest.version, encoder, minImageSide: 1, lengths: [5, 15] },
    images: sources.map((source) => ({ source, imageSha256: null })),
  };
  const remote = createEngineClient({ device: 'remote:cluster', deviceReason: 'tests', elsewhere: runner });
  const local = createTestEngine();
  const [there, here] = [numbersOf(await readAll(remote, request)), numbersOf(await readAll(local, request))];
  expect(there.length).toBe(here.length);
  const off = there.reduce((most, value, index) => Math.max(most, Math.abs(value - (here[index] ?? 0))), 0);
  expect(off).toBeLessThan(1e-4);
  await Promise.all([remote.close(), local.close()]);
}

for (const { name, python, script, program, binary } of kinds) {
  describe.skipIf(python === '')(`a real ${name} with an exported pack`, { timeout: 300_000 }, () => {
    let folder: string;
    let server: ChildProcess;
    let address: string;
    let grpcAddress: string;
    let manifest: PackManifest;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'real-'));
      ({ manifest } = await readServedPack());
      const { folder: repository } = await exportTriton({ manifest, folder: packFolder }, join(folder, 'out'), never);
      const graphs = manifest.files
        .filter(({ path }) => path.endsWith('.onnx'))
        .map(({ path }) => composeRemoteName(manifest, path));
      const port = await freePort();
      const grpcPort = await freePort();
      address = `http://127.0.0.1:${port}`;
      grpcAddress = `http://127.0.0.1:${grpcPort}`;
      const path = fileURLToPath(new URL(`../../../../tooling/model-servers/${script}`, import.meta.url));
      server = spawn(python, [path, repository, String(port), String(grpcPort), ...graphs], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const isReady = async (path: string): Promise<boolean> => {
        const answer = await fetch(`${address}${path}`).catch(() => null);
        return answer?.ok === true;
      };
      for (const one of ['/v2/health/ready', ...graphs.map((graph) => `/v2/models/${graph}/ready`)])
        while (!(await isReady(one))) {
          if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
    }, 300_000);
    afterAll(async () => {
      server.stdin?.end();
      if (server.exitCode === null) await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    }, 120_000);

    it('says what it is, and how numbers go to it', async () => {
      const { network, connections, close } = await openCluster([address]);
      const told = await testCluster(network, connections.findCluster('cluster'), never);
      expect(told.servers).toEqual([{ address, program: expect.stringMatching(program) as string, binary }]);
      await close();
    });

    it('reads pictures as this machine does, within 1e-4', async () => {
      const { runner, close } = await openCluster([address], { patienceSeconds: 120 });
      await expectSameReading(
        manifest,
        runner,
        Array.from({ length: 12 }, (_, index) => samples[index % 3] ?? ''),
      );
      await close();
    });

    it('draws the picture that is drawn here, and compares it', async () => {
      const { runner, close } = await openCluster([address], { patienceSeconds: 120 });
      const remote = createEngineClient({ device: 'remote:cluster', deviceReason: 'tests', elsewhere: runner });
      const local = createTestEngine();
      await expectSameDrawing(manifest, local, remote);
      await Promise.all([remote.close(), local.close()]);
      await close();
    });

    it('reads the same over gRPC', async () => {
      const { runner, network, connections, close } = await openCluster([grpcAddress], {
        kind: 'kserve-grpc',
        patienceSeconds: 120,
      });
      const told = await testCluster(network, connections.findCluster('cluster'), never);
      expect(told.servers).toMatchObject([{ program: expect.stringMatching(program) as string }]);
      await expectSameReading(manifest, runner, samples);
      await expect(runner.describe('cluster', 'nope', never)).rejects.toMatchObject({ code: 'tool-refused' });
      await close();
    });

    it('says in its own words what it does not take and what it does not have', async () => {
      const { runner, close } = await openCluster([address], { recoverMs: 100 });
      const graph = composeRemoteName(manifest, 'encoder/backbone.onnx');
      const wrong = { pixel_values: { dtype: 'float32', shape: [1, 3, 5], data: new Float32Array(15) } } as const;
      await expect(runner.run('cluster', graph, wrong, never)).rejects.toMatchObject({ name: 'StudioError' });
      await expect(runner.describe('cluster', 'nope', never)).rejects.toMatchObject({
        code: 'tool-refused',
        message: expect.stringContaining('nope') as string,
      });
      await close();
    });
  });
}
