import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StudioEvent } from '../../../../../contract/events.ts';
import type { StudioClient } from '../../../../../contract/methods.ts';
import { serveStudio } from '../../../../../main/shell/server/serve-studio.ts';
import { Connection } from '../../../../../renderer/state/core/connection.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

describe('Connection', () => {
  it('says when the core is lost, and comes back when asked to', async () => {
    // A server that was there, so that its port is known and free.
    const gone = await serveStudio({ studio: bench.core, port: 0 });
    const { origin, port, token } = gone;
    await gone.close();
    const link = new RPCLink({ url: `${origin}/rpc`, headers: { authorization: `Bearer ${token}` } });
    const client: StudioClient = createORPCClient(link);
    const seen: StudioEvent['type'][] = [];
    const connection = new Connection(client, () => 1000);
    onTestFinished(() => connection.stop());
    connection.start((event) => seen.push(event.type));
    await bench.until(() => expect(connection.state).toMatchObject({ type: 'lost', retryAtMs: 1400 }));
    expect([connection.connected, connection.wasConnected]).toEqual([false, false]);
    const server = await serveStudio({ studio: bench.core, port, token });
    onTestFinished(() => server.close());
    connection.retryNow();
    await bench.until(() => expect(connection.connected).toBe(true));
    expect(seen).toEqual(['hello']);
    // Whoever follows it would do everything for a new connection again at each event.
    const { state } = connection;
    await bench.addScene('a scene');
    await bench.until(() => expect(seen).toContain('library-changed'));
    expect(connection.state).toBe(state);
  });
});
