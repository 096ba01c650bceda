import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PackManifest } from '../../../contract/models/pack.ts';
import { attentionOne, decodeReading } from '../../../contract/texts/reading.ts';
import { createEngineClient } from '../../../main/engine/create-engine-client.ts';
import type { EngineClient } from '../../../main/engine/engine-client.ts';
import { composeRemoteName } from '../../../main/packs/name-remote-graph.ts';
import type { ReadPicture } from '../../../main/ports/reader.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { KserveServer } from '../../helpers/kserve-server.ts';
import { openCluster, packFolder, readServedPack } from '../../helpers/open-cluster.ts';
import type { OpenedCluster } from '../../helpers/open-cluster.ts';
import { expectSameDrawing } from './expect-same-drawing.ts';
import { createTestEngine, readAll } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const samples = ['1-pig', '2-clock', '4-cat'].map((name) => `${packFolder}/samples/${name}.png`);

/** Everything an encode says of each picture, as plain numbers. */
function numbersOf(read: readonly ReadPicture[]): number[][] {
  return read.flatMap(({ texts }) =>
    texts.map(({ reading }) => {
      const { probabilities, attention } = decodeReading(reading);
      return [...probabilities, ...Array.from(attention ?? [], (share) => share / attentionOne)];
    }),
  );
}
const wordsOf = (read: readonly ReadPicture[]): string[][] =>
  read.map(({ texts }) => texts.map(({ document }) => document.slots.map(({ text }) => text).join('')));

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);

describe('a pack on servers', () => {
  let manifest: PackManifest;
  let first: KserveServer;
  let second: KserveServer;
  let cluster: OpenedCluster;
  let remote: EngineClient;
  const local = createTestEngine();
  let fault: 'drop' | null = null;

  beforeAll(async () => {
    const pack = await readServedPack();
    ({ manifest } = pack);
    first = await new KserveServer({ graphs: pack.graphs, binary: true, faultOf: () => fault }).start();
    second = await new KserveServer({ graphs: pack.graphs, binary: true }).start();
    cluster = await openCluster([first.address, second.address], { patienceSeconds: 120, recoverMs: 60_000 });
    remote = createEngineClient({ device: 'remote:cluster', deviceReason: 'tests', elsewhere: cluster.runner });
  });
  afterAll(async () => {
    await Promise.all([local.close(), remote.close(), first.stop(), second.stop(), cluster.close()]);
  });

  function reading(images: readonly string[]) {
    const { encoder } = manifest.roles;
    if (encoder === undefined) throw new Error('it reads');
    return {
      ...{ packFolder, packId: manifest.id, packVersion: manifest.version, encoder, minImageSide: 1, lengths: [5, 15] },
      images: images.map((source) => ({ source, imageSha256: null })),
    };
  }

  test('reads pictures as it does here, several batches at once over both servers, in order', async () => {
    const images = Array.from({ length: 40 }, (_, index) => samples[index % samples.length] ?? '');
    const [here, there] = [await readAll(local, reading(images)), await readAll(remote, reading(images))];
    expect(there.map(({ imageIndex, error }) => [imageIndex, error])).toEqual(images.map((_, index) => [index, null]));
    expect(wordsOf(there)).toEqual(wordsOf(here));
    const [expected, found] = [numbersOf(here).flat(), numbersOf(there).flat()];
    expect(found.length).toBe(expected.length);
    const off = found.map((value, index) => Math.abs(value - (expected[index] ?? 0)));
    expect(largest(off)).toBeLessThan(1e-4);
    expect(first.done).toBeGreaterThan(2);
    expect(second.done).toBeGreaterThan(2);
    expect(remote.status().device).toBe('remote:cluster');
  });

  test('draws the picture that is drawn here, and compares it', () => expectSameDrawing(manifest, local, remote));

  test('loses nothing when one of its servers is lost in the middle', async () => {
    const images = Array.from({ length: 60 }, (_, index) => samples[index % samples.length] ?? '');
    const expected = await readAll(local, reading(images));
    const before = first.runs;
    const read: ReadPicture[] = [];
    for await (const picture of remote.encode(reading(images), quietContext)) {
      read.push(picture);
      // Whatever is under way there, and all that comes.
      if (read.length === 5) fault = 'drop';
    }
    fault = null;
    expect(first.runs).toBeGreaterThan(before);
    expect(wordsOf(read)).toEqual(wordsOf(expected));
  });

  test('ends soon when it is cancelled, and the same process goes on with the next', async () => {
    const process = remote.processId();
    const stop = new AbortController();
    const images = Array.from({ length: 200 }, () => samples[0] ?? '');
    const cancelled = (async () => {
      for await (const picture of remote.encode(reading(images), { ...quietContext, signal: stop.signal }))
        if (picture.imageIndex === 3) stop.abort(new Error('enough'));
    })();
    await expect(cancelled).rejects.toThrow('enough');
    expect(await readAll(remote, reading(samples))).toHaveLength(3);
    expect(remote.processId()).toBe(process);
  });

  test('says what the servers lack', async () => {
    const bare = await new KserveServer({ graphs: {}, binary: true }).start();
    const other = await openCluster([bare.address]);
    const engine = createEngineClient({ device: 'remote:cluster', deviceReason: 'tests', elsewhere: other.runner });
    await expect(readAll(engine, reading(samples))).rejects.toMatchObject({
      code: 'tool-refused',
      message: expect.stringContaining(composeRemoteName(manifest, 'encoder/backbone.onnx')) as string,
    });
    await Promise.all([engine.close(), bare.stop(), other.close()]);
  });
});
