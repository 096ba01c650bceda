import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PictureReference } from '../../../../../contract/desktop.ts';
import { connectionSchema } from '../../../../../contract/outside/connection.ts';
import { canvasContentOf } from '../../../../../renderer/features/canvas/canvas-content.ts';
import { openWorkspaces } from '../../../../../renderer/features/shell/open-workspaces.ts';
import { TransferPlan } from '../../../../../renderer/state/transfer/transfer-plan.svelte.ts';
import { Transfers } from '../../../../../renderer/state/transfer/transfers.svelte.ts';
import type { Workspace } from '../../../../../renderer/state/frame/workspace.ts';
import { workspaces } from '../../../../../renderer/workspaces.ts';
import { ComfyuiServer } from '../../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A connected page with the state of the Transfer place, which hears what the core says. */
async function openTransfers() {
  const page = await bench.startPage();
  const transfers = new Transfers(page);
  const [first] = workspaces;
  if (first === undefined) throw new Error('There is a first place.');
  const hearing: Workspace = {
    ...first,
    name: 'hearing',
    open: () => ({ commands: [], receive: (event) => transfers.receive(event) }),
  };
  openWorkspaces(page, [hearing]);
  await transfers.load();
  return { page, transfers, plan: new TransferPlan(page) };
}

describe('the Transfer place', () => {
  it('plans a grid of the open text and those who draw, and asks nobody before a yes', async () => {
    const server = new ComfyuiServer();
    const address = await serveHttp(server.listener, server.upgrade);
    const connection = { id: 'paints', kind: 'comfyui', address, model: 'small.safetensors' };
    await bench.core.client.connections.add(connectionSchema.parse(connection));
    const { page, transfers, plan } = await openTransfers();
    await plan.load();
    expect(transfers.list).toEqual([]);
    expect(plan.whyNot()).toMatch(/^Open a picture/);
    page.editing.type('a red fox on a hill');
    await page.editing.settle();
    expect([plan.texts.count, plan.whyNot()]).toEqual([1, null]);
    const paints = plan.columns.find(({ name }) => name === 'paints');
    if (paints === undefined) throw new Error('no tool');
    // A grid names who drew a column as its plan does; a pack that has gone by its id.
    expect(plan.columns.map(({ tool }) => plan.nameOf(tool))).toEqual(['Tiny Scenes', 'paints', 'Midjourney']);
    expect(plan.nameOf({ type: 'pack', packId: 'gone-away' })).toBe('gone-away');
    plan.choose(paints, true);
    expect([plan.pictures, plan.whyNot()]).toEqual([2, 'Agree to what goes to paints first.']);
    expect(server.heard).toEqual([]);
    await page.writers.allow('paints');
    expect(plan.whyNot()).toBeNull();

    // The pack's drawing takes an engine; that of the tool shows the same here.
    for (const column of plan.columns) plan.choose(column, column.name === 'paints');
    await transfers.begin(await plan.order());
    await bench.until(() => expect(transfers.open?.cells.map(({ state }) => state)).toEqual(['done']));
    expect(transfers.open?.rows).toMatchObject([{ name: 'Own text', text: 'a red fox on a hill', comparedWith: 'text' }]);
    await bench.until(() => expect(transfers.list).toMatchObject([{ counts: { done: 1 } }]));
    const itemId = transfers.open?.cells[0]?.itemId ?? '';
    await page.opening.openById(itemId);
    expect([page.work.text, page.drawing.results.selected?.id]).toEqual(['a red fox on a hill', itemId]);

    transfers.plan();
    expect(transfers.open).toBeNull();
    await transfers.show(transfers.list?.[0]?.id ?? '');
    expect(transfers.open?.counts.done).toBe(1);
    if (transfers.open !== null) await transfers.remove(transfers.open);
    expect([transfers.list, transfers.open]).toEqual([[], null]);
  });

  it('draws one place again, and gives up another', async () => {
    const server = new ComfyuiServer();
    server.failure = { node_type: 'KSampler', exception_message: 'out of memory', exception_type: 'RuntimeError' };
    const address = await serveHttp(server.listener, server.upgrade);
    const connection = connectionSchema.parse({ id: 'moody', kind: 'comfyui', address, model: 'small.safetensors' });
    await bench.core.client.network.allow((await bench.core.client.connections.add(connection)).consent);
    const { page, transfers, plan } = await openTransfers();
    await plan.load();
    page.editing.type('a deer');
    for (const column of plan.columns) plan.choose(column, column.name === 'moody');
    plan.seeds = 2;
    await transfers.begin(await plan.order());
    await bench.until(() => expect(transfers.open?.counts.failed).toBe(2));
    const { open } = transfers;
    const [cell] = open?.cells ?? [];
    if (open === null || cell === undefined) throw new Error('no grid');
    server.failure = null;
    server.held = 'step';
    await transfers.retry(open, cell);
    await bench.until(() => expect(transfers.open?.cells[0]?.state).toBe('running'));
    await transfers.cancel(open, cell);
    expect(transfers.open?.cells.map(({ state }) => state)).toEqual(['cancelled', 'failed']);
  });

  it('shows the grid that somebody came for, whatever the core tells meanwhile', async () => {
    const { page, transfers, plan } = await openTransfers();
    await plan.load();
    page.editing.type('a boat');
    for (const column of plan.columns) plan.choose(column, column.name === 'Midjourney');
    await page.editing.settle();
    const { client } = page.sources.transport;
    const [first, second] = [
      await client.transfers.create(await plan.order()),
      await client.transfers.create(await plan.order()),
    ];
    await transfers.load(first.id);
    await bench.until(() => expect(transfers.open?.id).toBe(first.id));
    // The list has changed, and so has the grid that is still on screen.
    const come = transfers.load(second.id);
    transfers.receive({ type: 'transfer-changed', transferId: null });
    transfers.receive({ type: 'transfer-changed', transferId: first.id });
    await come;
    await bench.until(() => expect(transfers.open?.id).toBe(second.id));
    const chosen = transfers.show(first.id);
    transfers.receive({ type: 'transfer-changed', transferId: null });
    transfers.receive({ type: 'transfer-changed', transferId: second.id });
    await chosen;
    await transfers.load();
    await bench.until(() => expect(transfers.open?.id).toBe(first.id));
    for (const grid of [second, first]) await transfers.remove(grid);
  });

  it('waits for what a person draws elsewhere, and takes files to their places', async () => {
    const { page, transfers, plan } = await openTransfers();
    await plan.load();
    page.editing.type('a hare in the grass');
    for (const column of plan.columns) plan.choose(column, column.name === 'Midjourney');
    plan.seeds = 2;
    await page.editing.settle();
    expect(plan.whyNot()).toBeNull();
    await transfers.begin(await plan.order());
    const { open } = transfers;
    if (open === null) throw new Error('no grid');
    expect(open.cells.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
    for (const { handedOut } of open.cells) expect(handedOut?.text).toMatch(/^a hare in the grass --seed/);

    const file = async (name: string) => new File([await bench.makeScene()], name, { type: 'image/png' });
    await transfers.bring(open, [await file('image.png'), await file('ann_a_hare_in_the_gr.png')]);
    expect(page.notices.list.map(({ body }) => body.message)).toEqual([
      'No text that this grid waits for fits image.png.',
      '1 picture is in its place.',
    ]);
    expect(transfers.open?.cells.map(({ state }) => state)).toEqual(['done', 'awaited']);
    const last = transfers.open?.cells[1];
    if (last === undefined) throw new Error('no place');
    await transfers.bring(open, [new File([await bench.makeScene()], 'image.png', { type: 'image/png' })], last);
    expect(transfers.open?.cells.map(({ state }) => state)).toEqual(['done', 'done']);

    // A place that has its picture is given another one.
    const [before, beside] = transfers.open?.cells ?? [];
    if (before === undefined) throw new Error('no place');
    await transfers.bring(open, [await file('another.png')], before);
    const [after, kept] = transfers.open?.cells ?? [];
    expect(after).toMatchObject({ state: 'done', sha256: expect.not.stringMatching(before.sha256 ?? '') as string });
    expect(kept?.itemId).toBe(beside?.itemId);
    await transfers.remove(open);
  });

  it('has a text beside its caption, or all texts that the library has of the picture', async () => {
    const { page, plan } = await openTransfers();
    const { texts } = plan;
    texts.choice = 'variants';
    await texts.find();
    expect([texts.count, plan.whyNot()]).toEqual([0, 'Open a picture in the Studio that the library has texts of.']);

    void page.intake.receiveFiles([new File([await bench.makeScene()], 'pig.png', { type: 'image/png' })]);
    await bench.until(() => expect(Object.keys(page.work.snapshot.versions)).toHaveLength(3));
    await texts.find();
    expect(texts.count).toBe(3);
    const { picture } = page.work.snapshot;
    const variants = await texts.rows();
    expect(variants.map(({ originalSha256 }) => originalSha256)).toEqual(variants.map(() => picture?.sha256));
    expect(new Set(variants.map(({ itemId }) => itemId)).size).toBe(3);

    texts.choice = 'caption';
    expect(texts.count).toBe(2);
    const [text, written] = await texts.rows();
    expect([text?.name, written?.name]).toEqual(['15 tokens: text', '15 tokens: caption']);
    expect(text).toMatchObject({ prompt: { type: 'document' }, originalSha256: picture?.sha256 });
    expect(written).toMatchObject({ prompt: { type: 'text' }, originalSha256: picture?.sha256, itemId: picture?.itemId });
    texts.caption = ' a pig in a field ';
    expect((await texts.rows())[1]?.prompt).toEqual({ type: 'text', text: 'a pig in a field' });
    texts.choice = 'all';
    expect((await texts.rows()).map(({ name }) => name)).toEqual(['5 tokens', '15 tokens', '75 tokens']);
  });

  it('opens a picture beside the original, with the text it was drawn from, and saves the whole as one picture', async () => {
    const server = new ComfyuiServer();
    const address = await serveHttp(server.listener, server.upgrade);
    const connection = connectionSchema.parse({ id: 'beside', kind: 'comfyui', address, model: 'small.safetensors' });
    await bench.core.client.network.allow((await bench.core.client.connections.add(connection)).consent);
    const { page, transfers, plan } = await openTransfers();
    await plan.load();
    void page.intake.receiveFiles([new File([await bench.makeScene()], 'hill.png', { type: 'image/png' })]);
    await bench.until(() => expect(Object.keys(page.work.snapshot.versions)).toHaveLength(3));
    const original = page.work.snapshot.picture?.sha256 ?? '';
    for (const column of plan.columns) plan.choose(column, column.name === 'beside');
    plan.texts.choice = 'caption';
    plan.texts.caption = 'a hill under the moon';
    await transfers.begin(await plan.order());
    await bench.until(() => expect(transfers.open?.counts.done).toBe(2));
    const cells = transfers.open?.cells ?? [];
    for (const [at, words] of [page.work.text, 'a hill under the moon'].entries()) {
      const { itemId, sha256 } = cells[at] ?? {};
      await page.opening.openById(itemId ?? '');
      expect([page.work.picture?.sha256, page.work.text]).toEqual([original, words]);
      expect(page.drawing.results.selected).toMatchObject({ id: itemId, recipe: { kind: 'tool', text: words } });
      const { left, right, comparable } = canvasContentOf(page);
      expect([left?.src, right.src, comparable]).toEqual([`shown/${original}`, `shown/${sha256}`, true]);
    }

    const saved: PictureReference[] = [];
    page.platform.savePicture = (picture) => {
      saved.push(picture);
      return Promise.resolve('hill.png');
    };
    if (transfers.open !== null) await transfers.savePicture(transfers.open);
    expect(saved).toMatchObject([{ title: 'hill', mediaType: 'image/png' }]);
    expect(page.notices.list.at(-1)?.body.message).toContain('hill.png');
  });
});
