import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { StudioError } from '../../../../contract/errors.ts';
import { testCluster } from '../../../../main/providers/kserve/create-graph-runner.ts';
import { KserveGrpcServer } from '../../../helpers/kserve-grpc-server.ts';
import type { GrpcFault, KserveGrpcServerOptions } from '../../../helpers/kserve-grpc-server.ts';
import { openCluster } from '../../../helpers/open-cluster.ts';
import { serveHttp } from '../../network/local-servers.ts';
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

  it('is shown the key, and a refused one is said nowhere', async () => {
    const server = await serve({ key: 'right' });
    const { feeds, expected } = await makeFeeds(file);
    const good = await connect([server.address], { secret: 'rack', environment: { DEDIFFUSION_SECRET_RACK: 'right' } });
    expect(await good.runner.run('cluster', 'every', feeds, never)).toEqual(expected);
    const bad = await connect([server.address], { secret: 'rack', environment: { DEDIFFUSION_SECRET_RACK: 'wr0ng-key-42' } });
    const failure = await bad.runner.run('cluster', 'every', feeds, never).catch((error: unknown) => error as StudioError);
    expect(failure).toMatchObject({ code: 'tool-refused' });
    expect(JSON.stringify((failure as StudioError).toBody())).not.toContain('wr0ng-key-42');
  });

  it('at an address that speaks something else is told', async () => {
    const address = await serveHttp((_request, response) => response.writeHead(404).end());
    const { network, connections } = await connect([address]);
    await expect(testCluster(network, connections.findCluster('cluster'), never)).rejects.toMatchObject({
      code: 'address-unreachable',
    });
  });
});

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

  it('that falls silent is done by another when the patience is over', async () => {
    const [silent, sound] = [await serve({ faultOf: () => 'silent' }), await serve()];
    const { runner } = await connect([silent.address, sound.address], { patienceSeconds: 1 });
    const { feeds, expected } = await makeFeeds(file);
    const runs = await Promise.all(Array.from({ length: 4 }, () => runner.run('cluster', 'every', feeds, never)));
    for (const outputs of runs) expect(outputs).toEqual(expected);
    expect(silent.runs).toBeGreaterThan(0);
  });

  it('that is started again in the middle is taken up there, though it is the only one', async () => {
    const server = await serve({ delayMs: 20 });
    const { runner } = await connect([server.address], { recoverMs: 30_000 });
    const { feeds, expected } = await makeFeeds(file);
    const runs = Array.from({ length: 6 }, () => runner.run('cluster', 'every', feeds, never));
    await runs[0];
    await server.stop();
    await server.start();
    for (const outputs of await Promise.all(runs)) expect(outputs).toEqual(expected);
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

  it('ends at once with its cancel', async () => {
    const server = await serve({ faultOf: () => 'silent' });
    const { runner } = await connect([server.address]);
    const { feeds } = await makeFeeds(file);
    const stopped = new AbortController();
    const run = runner.run('cluster', 'every', feeds, stopped.signal);
    while (server.runs === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stopped.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
  });
});
