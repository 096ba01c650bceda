import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../contract/events.ts';
import { makePicture } from './make-picture.ts';
import { openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';

describe('the stream of events', () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  const listen = async () => {
    const stop = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: stop.signal });
    return { events, stop };
  };
  const next = async (events: AsyncIterator<StudioEvent, unknown>) => {
    const result = await events.next();
    if (result.done === true) throw new Error('the stream ended');
    return result.value;
  };

  it('begins with hello, then tells of what was added', async () => {
    const { events, stop } = await listen();
    const hello = await next(events);
    expect(hello).toMatchObject({ type: 'hello', jobs: [] });
    const item = await test.studio.addImage(await makePicture(16, { r: 9, g: 8, b: 7 }), { title: 'new' });
    let event = await next(events);
    while (event.type === 'engine-changed') event = await next(events);
    expect(event).toEqual({ type: 'library-changed', itemIds: [item.id] });
    stop.abort();
  });

  it('reaches every listener', async () => {
    const listeners = await Promise.all([listen(), listen(), listen()]);
    for (const { events } of listeners) expect((await next(events)).type).toBe('hello');
    const item = await test.studio.addImage(await makePicture(16, { r: 19, g: 8, b: 7 }), { title: 'for all' });
    for (const { events, stop } of listeners) {
      let event = await next(events);
      while (event.type === 'engine-changed') event = await next(events);
      expect(event).toEqual({ type: 'library-changed', itemIds: [item.id] });
      stop.abort();
    }
  });

  it('ends when the studio closes', async () => {
    const other = await openInProcess();
    const events = await other.client.studio.events();
    await events.next();
    const rest = (async () => {
      let count = 0;
      for await (const event of events) count += event.type === 'library-changed' ? 1 : 0;
      return count;
    })();
    await other.close();
    expect(await rest).toBe(0);
  });
});
