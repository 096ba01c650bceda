import { describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../../../contract/events.ts';
import { Connection } from '../../../../renderer/state/connection.svelte.ts';
import { createStandInCore } from '../../../helpers/stand-in-core.ts';

describe('Connection', () => {
  it('says when the core is lost, and comes back when asked to', async () => {
    const core = createStandInCore();
    let reachable = false;
    const client = {
      ...core.client,
      studio: {
        ...core.client.studio,
        events: ((input: undefined, options: { signal: AbortSignal }) =>
          reachable
            ? core.client.studio.events(input, options)
            : Promise.reject(new TypeError('fetch failed'))) as typeof core.client.studio.events,
      },
    };
    const seen: StudioEvent['type'][] = [];
    const connection = new Connection(client, () => 1000);
    connection.start((event) => seen.push(event.type));
    await vi.waitFor(() => expect(connection.state).toMatchObject({ type: 'lost', retryAtMs: 1400 }));
    expect([connection.connected, connection.wasConnected]).toEqual([false, false]);
    reachable = true;
    connection.retryNow();
    await vi.waitFor(() => expect(connection.connected).toBe(true));
    expect(seen).toEqual(['hello']);
    connection.stop();
  });
});
