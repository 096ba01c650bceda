import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGrid } from './make-grid.ts';
import { makePicture } from './make-picture.ts';
import { hasPack, openInProcess, PACK_ID } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';
import { isCompared, orderOf, waitForTransfer } from './transfer-workshop.ts';

const midjourney = { type: 'midjourney' as const };
const number = '0f0f0f0f-1111-2222-3333-444444444444';
const place = (row: number, seedIndex = 0, column = 0) => ({ row, column, seedIndex });

describe.skipIf(!hasPack)('a column of Midjourney', { timeout: 300_000 }, () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  const create = (texts: readonly string[], more: Parameters<typeof orderOf>[1] = {}) =>
    test.client.transfers.create(orderOf(texts, { tools: [midjourney], settings: { seed: 7 }, ...more }));
  const describedAs = async (description: string, title: string) =>
    (await test.studio.addImage(await makeGrid(description), { title })).id;
  const plain = async (title: string, red: number) =>
    (await test.studio.addImage(await makePicture(64, { r: red, g: 1, b: 1 }), { title })).id;

  it('hands its texts out, waits, and is given the parts of a grid of four, which are compared like all others', async () => {
    const { id: transferId, ...begun } = await create(['a red fox in snow', 'a blue boat at sea'], { seeds: 2 });
    expect(begun.counts).toMatchObject({ awaited: 4, queued: 0, running: 0 });
    const [first, , boat] = begun.cells;
    expect(first).toMatchObject({ state: 'awaited', jobId: null, handedOut: { text: 'a red fox in snow --seed 7' } });

    const itemId = await describedAs(`${boat?.handedOut?.text} --v 6.1 Job ID: ${number}`, 'grid.png');
    const taken = await test.client.transfers.takeDrawn({ transferId, itemId });
    expect(taken.cells).toEqual([place(1), place(1, 1)]);
    expect(taken.items).toHaveLength(4);
    expect(taken.transfer.counts).toMatchObject({ awaited: 2, done: 2 });
    expect(await test.client.library.get({ itemId })).toMatchObject({ trashed: true });
    const compared = await waitForTransfer(test, transferId, (one) =>
      one.cells.every((cell) => cell.row === 0 || cell.score !== null),
    );
    expect(compared.cells.slice(2)).toMatchObject(
      taken.items.slice(0, 2).map((item) => ({ state: 'done', itemId: item.id, seed: 7, timeMs: null, cost: null })),
    );
    expect(compared.rows).toMatchObject([{ rating: null }, { rating: { tools: 1 } }]);
    const [drawn] = taken.items;
    expect(drawn).toMatchObject({
      recipe: { kind: 'tool', tool: 'midjourney', text: 'a blue boat at sea', answer: { quarter: 1 } },
    });

    // Done again, it gives the same and fills nothing else.
    const again = await test.client.transfers.takeDrawn({ transferId, itemId });
    expect([again.cells, again.items.map(({ id }) => id)]).toEqual([taken.cells, taken.items.map(({ id }) => id)]);
    expect(again.transfer.counts).toMatchObject({ awaited: 2, done: 2 });

    const table = await test.client.transfers.export({ transferId, format: 'csv' });
    expect(table).toContain('a red fox in snow,Midjourney,,7,awaited,');
  });

  it('knows a picture by its name, asks for its place where nothing tells of it, and lets a person name another', async () => {
    const { id: transferId } = await create(['a green hill at dusk', 'a grey whale in rain']);
    const named = await plain(`ann_a_grey_whale_in_ra_${number}.png`, 41);
    expect((await test.client.transfers.takeDrawn({ transferId, itemId: named })).cells).toEqual([place(1)]);
    const silent = await plain('image.png', 42);
    expect(await readFailure(test.client.transfers.takeDrawn({ transferId, itemId: silent }))).toMatchObject({
      code: 'not-found',
      message: 'No text that this grid waits for fits image.png.',
    });
    const renamed = { transferId, itemId: silent, name: 'a_green_hill_at_dusk.png' };
    expect((await test.client.transfers.takeDrawn(renamed)).cells).toEqual([place(0)]);
    // A person may put it where another one is.
    const replaced = await test.client.transfers.takeDrawn({ transferId, itemId: silent, cell: place(1) });
    expect(replaced.cells).toEqual([place(1)]);
    expect(replaced.transfer.counts).toMatchObject({ awaited: 0, done: 2 });
    expect(replaced.transfer.cells[1]?.itemId).toBe(replaced.items[0]?.id);
  });

  it('goes by the seed where a text was handed out with several', async () => {
    const { id: transferId, cells } = await create(['a tin robot on ice'], { seeds: 6 });
    const itemId = await describedAs(`${cells[4]?.handedOut?.text} Job ID: ${number}`, 'second.png');
    const taken = await test.client.transfers.takeDrawn({ transferId, itemId });
    expect(taken.cells).toEqual([place(0, 4), place(0, 5)]);
  });

  it('shows one picture in one place, however often it is brought', async () => {
    const { id: transferId } = await create(['a wooden door in a wall'], { seeds: 2 });
    const itemId = await plain('ann_a_wooden_door_in_a.png', 46);
    for (const awaited of [1, 1]) {
      const { cells, transfer } = await test.client.transfers.takeDrawn({ transferId, itemId });
      expect([cells, transfer.counts.awaited]).toEqual([[place(0)], awaited]);
    }
  });

  it('gives no picture by hand to a place that a tool draws', async () => {
    const { id: transferId } = await create(['a fox'], { tools: [{ type: 'pack', packId: PACK_ID }, midjourney] });
    const itemId = await plain('fox.png', 43);
    expect(await readFailure(test.client.transfers.takeDrawn({ transferId, itemId, cell: place(0) }))).toMatchObject({
      code: 'bad-request',
      message: 'That place of the grid takes no picture by hand.',
    });
    // Nothing was done with it.
    expect(await test.client.library.get({ itemId })).toMatchObject({ kind: 'picture', trashed: false });
  });

  it('is filled by what is taken in the Library or from a watched folder as well, and what no grid waits for goes to its text', async () => {
    const document = await test.client.prompts.create({ text: 'two owls under a bridge' });
    const text = await test.client.prompts.save({ document, title: 'owls' });
    const prompt = { type: 'text' as const, text: 'two owls under a bridge' };
    const rows = [{ name: 'owls', prompt, itemId: text.id }];
    const { id: transferId } = await create([], { rows });
    const itemId = await plain('ann_two_owls_under_a_bri.png', 44);
    const taken = await test.client.library.takeDrawn({ itemId });
    expect(taken.prompt).toEqual({ itemId: text.id, text: 'two owls under a bridge', by: 'name' });
    expect(taken.items).toMatchObject([{ parents: [text.id] }]);
    const done = await waitForTransfer(test, transferId, isCompared);
    expect(done).toMatchObject({ counts: { done: 1, awaited: 0 }, cells: [{ itemId: taken.items[0]?.id }] });
    const later = await test.client.library.takeDrawn({ itemId: await plain('bob_two_owls_under_a_bri.png', 45) });
    expect(later.items).toMatchObject([{ parents: [text.id] }]);
    expect((await test.client.transfers.get({ transferId })).cells[0]?.itemId).toBe(taken.items[0]?.id);
  });
});
