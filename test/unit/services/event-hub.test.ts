import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../../contract/events.ts';
import type { Job } from '../../../contract/job.ts';
import type { EngineStatus } from '../../../contract/studio-info.ts';
import { EventHub } from '../../../main/services/event-hub.ts';

const engine: EngineStatus = {
  state: 'idle',
  device: 'cpu',
  reason: 'test',
  memoryBytes: 0,
  memoryBudgetBytes: 1,
  loadedSessions: [],
  restarts: 0,
};
const hello = (): StudioEvent => ({ type: 'hello', engine, jobs: [] });
const job = (id: string, fraction: number): Job => ({
  id,
  request: { kind: 'encode', imageSha256s: ['a'.repeat(64)], lengths: [5] },
  state: 'running',
  createdMs: 0,
  startedMs: 0,
  endedMs: null,
  attempts: 1,
  progress: { fraction, phase: 'encoding', step: 0, steps: 0, remainingMs: null, previewUrl: null },
  result: null,
  error: null,
});
const drain = async (events: AsyncGenerator<StudioEvent, void, void>, count: number) => {
  const seen: StudioEvent[] = [];
  while (seen.length < count) {
    const { value, done } = await events.next();
    if (done === true) break;
    seen.push(value);
  }
  return seen;
};

describe('EventHub', () => {
  it('greets every reader, then hands on in order', async () => {
    const hub = new EventHub();
    const events = hub.read(hello, undefined);
    expect(await drain(events, 1)).toEqual([hello()]);
    hub.publish({ type: 'job-changed', job: job('a', 0.1) });
    hub.publish({ type: 'engine-changed', engine });
    hub.publish({ type: 'job-changed', job: job('b', 0.2) });
    const seen = await drain(events, 3);
    expect(seen.map((event) => (event.type === 'job-changed' ? event.job.id : event.type))).toEqual(['a', 'engine-changed', 'b']);
    await events.return();
  });

  it('gives a slow reader the newest state of each thing, once', async () => {
    const open = new EventHub();
    const slow = open.read(hello, undefined);
    await slow.next();
    for (let step = 0; step < 100; step += 1) {
      open.publish({ type: 'job-changed', job: job('one', step / 100) });
      open.publish({ type: 'library-changed', itemIds: [`item-${step % 3}`] });
    }
    expect(await drain(slow, 2)).toEqual([
      { type: 'job-changed', job: job('one', 0.99) },
      { type: 'library-changed', itemIds: ['item-0', 'item-1', 'item-2'] },
    ]);
    await slow.return();
  });

  it('ends when the reader leaves, when it is aborted, and when the hub closes', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const aborted = hub.read(hello, stop.signal);
    await aborted.next();
    const waiting = aborted.next();
    stop.abort();
    expect((await waiting).done).toBe(true);

    const closed = hub.read(hello, undefined);
    await closed.next();
    const last = closed.next();
    hub.close();
    expect((await last).done).toBe(true);
    expect((await hub.read(hello, undefined).next()).done).toBe(true);
  });

  it('misses no change between the greeting and the first event', async () => {
    const hub = new EventHub();
    const events = hub.read(() => {
      hub.publish({ type: 'library-changed', itemIds: ['while greeting'] });
      return hello();
    }, undefined);
    const seen = await drain(events, 2);
    expect(seen[1]).toEqual({ type: 'library-changed', itemIds: ['while greeting'] });
    await events.return();
  });
});
