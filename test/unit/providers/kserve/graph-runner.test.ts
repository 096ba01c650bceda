import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { StudioError } from '../../../../contract/errors.ts';
import { composeRemoteName } from '../../../../main/packs/name-remote-graph.ts';
import type { Tensor } from '../../../../main/tensor/tensor.ts';
import { KserveServer } from '../../../helpers/kserve-server.ts';
import type { KserveFault, KserveServerOptions } from '../../../helpers/kserve-server.ts';
import { openCluster, readServedPack } from '../../../helpers/open-cluster.ts';
import { itIsAskedAsAny } from './any-server.ts';
import { makeFeeds } from './make-feeds.ts';

const file = fileURLToPath(new URL('../../../fixtures/models/session/every-type.onnx', import.meta.url));
const never = new AbortController().signal;
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

async function serve(options: Partial<KserveServerOptions> = {}): Promise<KserveServer> {
  const server = await new KserveServer({ graphs: { every: file }, binary: true, ...options }).start();
  open.push(server);
  return server;
}

async function connect(...[addresses, options]: Parameters<typeof openCluster>) {
  const cluster = await openCluster(addresses, options);
  open.push({ stop: cluster.close });
  return cluster;
}

describe('a graph on a server', () => {
  it.each([
    ['that takes bytes', true],
    ['that takes JSON alone', false],
  ])('%s gives what it gives here, in every type', async (_name, binary) => {
    const server = await serve({ binary });
    const { runner } = await connect([server.address]);
    const { feeds, expected } = await makeFeeds(file);
    const { inputs, runsAtOnce } = await runner.describe('cluster', 'every', never);
    expect(inputs.map(({ dtype }) => dtype).sort()).toEqual(['float16', 'float32', 'int32', 'int64']);
    expect(runsAtOnce).toBe(2);
    expect(await runner.run('cluster', 'every', feeds, never)).toEqual(expected);
    expect([server.runs, server.runsWithBytes]).toEqual([1, binary ? 1 : 0]);
  });

  it('that gives a row of numbers gives one, though the server writes it as a column', async () => {
    const { graphs, manifest } = await readServedPack();
    const server = await serve({ graphs, binary: false });
    const { runner } = await connect([server.address]);
    const graph = composeRemoteName(manifest, 'encoder/inside.onnx');
    const { inputs } = await runner.describe('cluster', graph, never);
    const feeds = Object.fromEntries(
      inputs.map(({ name, shape }): [string, Tensor] => {
        const sizes = shape.map((size) => (typeof size === 'number' ? size : 3));
        const count = sizes.reduce((product, size) => product * size, 1);
        return [name, { dtype: 'float32', shape: sizes, data: new Float32Array(count).fill(0.1) }];
      }),
    );
    expect((await runner.run('cluster', graph, feeds, never))['score']?.shape).toEqual([3]);
  });

  it('that it does not have is told with what to do', async () => {
    const server = await serve();
    const { runner } = await connect([server.address]);
    const failure = await runner.describe('cluster', 'other', never).catch((error: unknown) => error as StudioError);
    expect(failure).toMatchObject({ code: 'tool-refused', details: { graph: 'other', isMissing: true } });
    expect((failure as StudioError).hint).toContain('packs export');
  });

  it('that one server lacks is run by the other', async () => {
    const [without, having] = [await serve({ graphs: {} }), await serve()];
    const { runner } = await connect([without.address, having.address]);
    const { feeds, expected } = await makeFeeds(file);
    expect(await runner.run('cluster', 'every', feeds, never)).toEqual(expected);
  });

  it('asks nobody without a yes for every place', async () => {
    const server = await serve();
    const { runner, connections } = await connect([server.address, 'http://127.0.0.1:1'], { allowed: false });
    const state = connections.findCluster('cluster');
    expect(state.moreConsents.map(({ origin }) => origin)).toEqual(['http://127.0.0.1:1']);
    expect(state.consent).toMatchObject({ purpose: 'remote-model', sends: ['address', 'picture', 'text', 'settings'] });
    expect(state.allowed).toBe(false);
    const { feeds } = await makeFeeds(file);
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({ code: 'consent-needed' });
    expect(server.runs).toBe(0);
  });
});

describe('a server', () => itIsAskedAsAny({ serve, connect, file }));

describe('what is lost with a server', () => {
  const faults: KserveFault[] = ['drop', 'half', 'malformed', 'short', 'busy', 'error'];
  it.each(faults)('by %s is done by another, and every run is done once', async (fault) => {
    const faulty = await serve({ faultOf: () => fault });
    const sound = await serve();
    const { runner } = await connect([faulty.address, sound.address]);
    const { feeds, expected } = await makeFeeds(file);
    const runs = await Promise.all(Array.from({ length: 8 }, () => runner.run('cluster', 'every', feeds, never)));
    for (const outputs of runs) expect(outputs).toEqual(expected);
    expect(faulty.runs).toBeGreaterThan(0);
    expect(sound.done).toBe(8);
  });

  it('is told in its own words when nobody takes it', async () => {
    const server = await serve({ faultOf: () => 'error' });
    const { runner } = await connect([server.address], { recoverMs: 200 });
    const { feeds } = await makeFeeds(file);
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('Internal Server Error') as string,
    });
    await server.stop();
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({ code: 'address-unreachable' });
  });

  it('is not asked for again where the server refuses the work itself', async () => {
    const [first, second] = [await serve({ faultOf: () => 'refuse' }), await serve({ faultOf: () => 'refuse' })];
    const { runner } = await connect([first.address, second.address]);
    const { feeds } = await makeFeeds(file);
    await expect(runner.run('cluster', 'every', feeds, never)).rejects.toMatchObject({ code: 'tool-refused' });
    expect(first.runs + second.runs).toBe(1);
  });
});

it('several servers are kept busy, each with as many requests as it was allowed and no more', async () => {
  const servers = [await serve({ delayMs: 30 }), await serve({ delayMs: 30 })];
  const { runner } = await connect(
    servers.map(({ address }) => address),
    { requestsAtOnce: 3 },
  );
  const { feeds } = await makeFeeds(file);
  await Promise.all(Array.from({ length: 24 }, () => runner.run('cluster', 'every', feeds, never)));
  expect(servers.map(({ mostAtOnce }) => mostAtOnce)).toEqual([3, 3]);
  expect(Math.min(...servers.map(({ done }) => done))).toBeGreaterThan(8);
});
