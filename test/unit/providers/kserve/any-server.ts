import { expect, it } from 'vitest';
import type { StudioError } from '../../../../contract/errors.ts';
import type { openCluster } from '../../../helpers/open-cluster.ts';
import { makeFeeds } from './make-feeds.ts';

const never = new AbortController().signal;

/** A server of a test, which has one graph. */
interface Served {
  readonly address: string;
  /** How often it was asked to run the graph. */
  readonly runs: number;
  start(): Promise<unknown>;
  stop(): Promise<void>;
}

interface Spoken {
  readonly serve: (options?: { key?: string; faultOf?: () => 'silent'; delayMs?: number }) => Promise<Served>;
  readonly connect: (...given: Parameters<typeof openCluster>) => ReturnType<typeof openCluster>;
  /** The graph, which servers call `every`. */
  readonly file: string;
}

/** What holds of a server that runs graphs, whatever is spoken with it: keys, silence, a new start and a cancel. */
export function itIsAskedAsAny({ serve, connect, file }: Spoken): void {
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

  it('that falls silent has its work done by another when the patience is over', async () => {
    const [silent, sound] = [await serve({ faultOf: () => 'silent' }), await serve()];
    const { runner } = await connect([silent.address, sound.address], { patienceSeconds: 1 });
    const { feeds, expected } = await makeFeeds(file);
    const runs = await Promise.all(Array.from({ length: 4 }, () => runner.run('cluster', 'every', feeds, never)));
    for (const outputs of runs) expect(outputs).toEqual(expected);
    expect(silent.runs).toBeGreaterThan(0);
  });

  it('that is started again in the middle is asked again, though it is the only one', async () => {
    const server = await serve({ delayMs: 20 });
    const { runner } = await connect([server.address], { recoverMs: 30_000 });
    const { feeds, expected } = await makeFeeds(file);
    const runs = Array.from({ length: 6 }, () => runner.run('cluster', 'every', feeds, never));
    await runs[0];
    await server.stop();
    await server.start();
    for (const outputs of await Promise.all(runs)) expect(outputs).toEqual(expected);
  });

  it('is left at once with a cancel', async () => {
    const server = await serve({ faultOf: () => 'silent' });
    const { runner } = await connect([server.address]);
    const { feeds } = await makeFeeds(file);
    const stopped = new AbortController();
    const run = runner.run('cluster', 'every', feeds, stopped.signal);
    while (server.runs === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stopped.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
  });
}
