import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greys, isAtRest, sendFiles, waitForBatch } from './batch-workshop.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';

describe.skipIf(!hasPack)('batches and the library', { timeout: 180_000 }, () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  it('gather their results on a board of the library that has their name, and bring it back when it is asked for', async () => {
    const { client } = test;
    const draw = { steps: 1, guidance: 3, count: 2 };
    const { id } = await client.batches.create({ name: 'Gathered', settings: { lengths: [5], draw } });
    await client.batches.add({ batchId: id, files: await sendFiles(test, await greys(2, 'gathered')) });
    await waitForBatch(test, id, isAtRest);
    const board = async () => (await client.library.overview()).boards.find((one) => one.id === id);
    // Two pictures, a text of each, two drawn from each text.
    expect(await board()).toMatchObject({ name: 'Gathered', ofBatch: true, items: 8 });
    await client.batches.update({ batchId: id, name: 'Gathered greys' });
    expect(await board()).toMatchObject({ name: 'Gathered greys' });
    const { rows } = await client.library.rows({ boardId: id, stacked: true });
    expect(rows.map(({ stack }) => [stack?.items, stack?.pictures])).toEqual([
      [4, 3],
      [4, 3],
    ]);
    // What a person takes away stays away, and a board they deleted comes back with the rest.
    await client.library.updateMany({ itemIds: [rows[0]?.id ?? ''], change: { takeFromBoard: id } });
    await client.library.updateBoard({ boardId: id, deleted: true });
    expect(await board()).toBeUndefined();
    expect(await client.batches.collect({ batchId: id })).toMatchObject({ id, items: 7 });
    await client.batches.remove({ batchId: id });
    expect(await board()).toMatchObject({ items: 7 });
    await expect(client.batches.collect({ batchId: id })).rejects.toMatchObject({ data: { code: 'not-found' } });
  });
});
