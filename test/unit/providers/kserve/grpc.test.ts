import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { StudioError } from '../../../../contract/errors.ts';
import { testCluster } from '../../../../main/providers/kserve/create-graph-runner.ts';
import { KserveGrpcServer } from '../../../helpers/kserve-grpc-server.ts';
import type { GrpcFault, KserveGrpcServerOptions } from '../../../helpers/kserve-grpc-server.ts';
import { openCluster } from '../../../helpers/open-cluster.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { itIsAskedAsAny } from './any-server.ts';
import { makeFeeds } from './make-feeds.ts';

const file = fileURLToPath(new URL('../../../fixtures/models/session/every-type.onnx', import.meta.url));
const never = new AbortController().signal;
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

async function serve(options: Partial<KserveGrpcServerOptions> = {}): Promise<KserveGrpcServer> {
  const server = await new KserveGrpcServer({ graphs: { every: file }, ...options }).start();
  open.push(server);
  return server;
}

async function connect(addresses: readonly string[], options: Parameters<typeof openCluster>[1] = {}) {
  const cluster = await openCluster(addresses, { kind: 'kserve-grpc', ...options });
  open.push({ stop: cluster.close });
  return cluster;
}

describe('a graph on a server that is asked over gRPC', () => {
  it.each([false, true])(
    'gives what it gives here, in every type, over one kept connection (plain numbers: %s)',
    async (plain) => {
      const server = await serve({ plain });
      const { runner, network } = await connect([server.address]);
      const { feeds, expected } = await makeFeeds(file);
      const { inputs } = await runner.describe('cluster', 'every', never);
      expect(inputs.map(({ dtype }) => dtype).sort()).toEqual(['float16', 'float32', 'int32', 'int64']);
      for (let run = 0; run < 3; run += 1) expect(await runner.run('cluster', 'every', feeds, never)).toEqual(expected);
      expect(server.peers.size).toBe(1);
      expect(network.traffic.list()).toMatchObject([{ origin: server.address, purpose: 'remote-model', requests: 1 }]);
    },
  );

  it('says what it is', async () => {
    const server = await serve();
    const { network, connections } = await connect([server.address]);
    const { servers } = await testCluster(network, connections.findCluster('cluster'), never);
    expect(servers).toEqual([{ address: server.address, program: 'triton 2.51.0', binary: true }]);
  });

  it('that it does not have is told with what to do', async () => {
    const { runner } = await connect([(await serve()).address]);
    const failure = await runner.describe('cluster', 'other', never).catch((error: unknown) => error as StudioError);
    expect(failure).toMatchObject({ code: 'tool-refused', details: { graph: 'other', isMissing: true } });
  });

  it('is asked nothing without a yes', async () => {
    const server = await serve();
    const { runner } = await connect([server.address], { allowed: false });
    const { feeds } = await makeFeeds(file);
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({ code: 'consent-needed' });
    expect(server.peers.size).toBe(0);
  });

  it('at an address that speaks something else is told', async () => {
    const address = await serveHttp((_request, response) => response.writeHead(404).end());
    const { network, connections } = await connect([address]);
    await expect(testCluster(network, connections.findCluster('cluster'), never)).rejects.toMatchObject({
      code: 'address-unreachable',
    });
  });
});

describe('a server that is asked over gRPC', () => itIsAskedAsAny({ serve, connect, file }));

describe('what is lost with a server that is asked over gRPC', () => {
  const faults: GrpcFault[] = ['malformed', 'short', 'busy', 'error'];
  it.each(faults)('by %s is done by another', async (fault) => {
    const [faulty, sound] = [await serve({ faultOf: () => fault }), await serve()];
    const { runner } = await connect([faulty.address, sound.address]);
    const { feeds, expected } = await makeFeeds(file);
    const runs = await Promise.all(Array.from({ length: 8 }, () => runner.run('cluster', 'every', feeds, never)));
    for (const outputs of runs) expect(outputs).toEqual(expected);
    expect(faulty.runs).toBeGreaterThan(0);
    expect(sound.runs).toBe(8);
  });

  it('is told in its own words, and not asked for again where the server refuses the work itself', async () => {
    const server = await serve({ faultOf: () => 'refuse' });
    const { runner } = await connect([server.address]);
    const { feeds } = await makeFeeds(file);
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({
      code: 'tool-refused',
      message: expect.stringContaining('the fault: refuse – 100%') as string,
    });
    expect(server.runs).toBe(1);
  });
});
