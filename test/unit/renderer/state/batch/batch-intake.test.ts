import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StudioClient } from '../../../../../contract/methods.ts';
import { toWireError } from '../../../../../main/services/to-wire-error.ts';
import type { Transport } from '../../../../../renderer/client/transport.ts';
import { BatchIntake } from '../../../../../renderer/state/batch/batch-intake.svelte.ts';
import { readFailure } from '../../../../contract/read-failure.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
let files: { name: string; file: File }[];

beforeAll(async () => {
  bench = await CoreBench.open();
  const bytes = await sharp({ create: { width: 48, height: 48, channels: 3, background: '#c03020' } })
    .png()
    .toBuffer();
  files = ['a.png', 'b.png'].map((name) => ({ name, file: new File([new Uint8Array(bytes)], name) }));
});
afterAll(async () => {
  await bench.close();
});

const createBatch = async () =>
  (await bench.transport.client.batches.create({ name: 'scenes', settings: { lengths: [5], draw: null } })).id;

/** The core as it is where every file for a batch meets a fault inside; `onTry` hears of each. */
function withFault(client: StudioClient, onTry: () => void): StudioClient {
  const add = () => {
    onTry();
    return Promise.reject(toWireError(new Error('a fault inside'), () => 'log-1'));
  };
  const batches = new Proxy(client.batches, {
    get: (methods, name): unknown => (name === 'add' ? add : Reflect.get(methods, name)),
  });
  return new Proxy(client, { get: (core, name): unknown => (name === 'batches' ? batches : Reflect.get(core, name)) });
}

it('tells of a core that cannot put files into the batch, after a few tries', async () => {
  let tries = 0;
  const client = withFault(bench.transport.client, () => (tries += 1));
  const intake = new BatchIntake({ ...bench.transport, client }, 5);
  expect(await readFailure(intake.send(await createBatch(), files))).toMatchObject({ code: 'internal' });
  expect(tries).toBe(5);
  expect(intake.arrivals).toEqual([]);
});

it('asks a core that does not answer until it does', async () => {
  const batchId = await createBatch();
  let absent = 8;
  const transport: Transport = {
    ...bench.transport,
    uploadImage: async (bytes, title) => {
      if ((absent -= 1) >= 0) throw new TypeError('Failed to fetch');
      return bench.transport.uploadImage(bytes, title);
    },
  };
  await new BatchIntake(transport, 5).send(batchId, files);
  expect(await bench.transport.client.batches.rows({ batchId })).toMatchObject({ total: 2 });
});

it('does not wait for ever for a core where the page itself is at fault', async () => {
  const batchId = await createBatch();
  const transport: Transport = {
    ...bench.transport,
    uploadImage: () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'size')")),
  };
  await new BatchIntake(transport, 1).send(batchId, files);
  const { rows } = await bench.transport.client.batches.rows({ batchId });
  expect(rows.map(({ error }) => error?.message)).toEqual(['The page could not do that.', 'The page could not do that.']);
});
