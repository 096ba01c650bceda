import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSchema } from '../../../../../contract/outside/connection.ts';
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
    expect([plan.prompts, plan.whyNot()]).toEqual([1, null]);
    const paints = plan.columns.find(({ name }) => name === 'paints');
    if (paints === undefined) throw new Error('no tool');
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
});
