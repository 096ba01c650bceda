import { requireScope } from '../../contract/outside/access-key.ts';
import type { Scope } from '../../contract/outside/access-key.ts';
import type { TransferOrder } from '../../contract/transfer.ts';
import { exportTransfer, layOutSheet } from '../transfers/export-transfer.ts';
import { takeForTransfer } from '../transfers/take-for-transfer.ts';
import { readBrought } from '../work/take-drawn-elsewhere.ts';
import { addPicture } from './add-picture.ts';
import { drawSheet } from './draw-sheet.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

/** What connected tools draw may cost, so it takes more than drawing here. */
const scopeOfOrder = ({ tools }: TransferOrder): Scope => (tools.some(({ type }) => type === 'connections') ? 'admin' : 'draw');

/** Transfers: prompts drawn by several tools, side by side. */
export function answerTransfers({ transfers: methods }: ContractImplementation, services: StudioServices) {
  const { transfers, library, packs, models, connections, defaultPackId } = services;
  /** What cannot be drawn or compared at all is told before anything is begun. */
  async function settle(order: TransferOrder): Promise<TransferOrder> {
    // Fixed now: another default later shall not divide one grid between two scorers.
    const scorerPackId = order.scorerPackId ?? defaultPackId();
    models.scorer(await packs.resolvePack(scorerPackId));
    for (const tool of order.tools) {
      if (tool.type === 'pack') models.drawer(await packs.resolvePack(tool.packId));
      else if (tool.type === 'connections') tool.connectionIds.forEach((id) => connections.findTool(id));
    }
    for (const { originalSha256 } of order.rows) if (originalSha256 !== null) library.getImage(originalSha256);
    return { ...order, scorerPackId };
  }
  return {
    list: methods.list.handler(() => transfers.list()),
    get: methods.get.handler(({ input }) => transfers.get(input.transferId)),
    create: methods.create.handler(async ({ input, context }) => {
      requireScope(context.scope, scopeOfOrder(input));
      return transfers.create(await settle(input));
    }),
    cancel: methods.cancel.handler(({ input }) => transfers.cancel(input.transferId, input.cells)),
    retry: methods.retry.handler(({ input, context }) => {
      requireScope(context.scope, scopeOfOrder(transfers.orderOf(input.transferId)));
      return transfers.retry(input.transferId, input.cells);
    }),
    takeDrawn: methods.takeDrawn.handler(async ({ input, signal = new AbortController().signal }) =>
      takeForTransfer(services, await readBrought(services, input, signal), input, signal),
    ),
    remove: methods.remove.handler(async ({ input }) => {
      await transfers.remove(input.transferId);
      return transfers.list();
    }),
    export: methods.export.handler(async ({ input: { transferId, format } }) =>
      exportTransfer(library, transfers.get(transferId), format),
    ),
    sheet: methods.sheet.handler(async ({ input, signal }) => {
      const transfer = transfers.get(input.transferId);
      const bytes = await drawSheet(services, layOutSheet(library, transfer), signal);
      return addPicture(services, bytes, { title: transfer.name, signal });
    }),
  };
}
