import Grid from '@lucide/svelte/icons/grid-3x3';
import { setTransferPart } from '../../state/transfer/transfer-context.ts';
import { TransferPlan } from '../../state/transfer/transfer-plan.svelte.ts';
import { Transfers } from '../../state/transfer/transfers.svelte.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listTransferCommands } from './transfer-commands.ts';
import { say } from '../../language/say.ts';

export const transferWorkspace: Workspace = {
  name: 'transfer',
  title: () => say('place.transfer'),
  icon: Grid,
  keys: null,
  label: () => say('rail.transfer'),
  group: 'work',
  notices: { top: 64 },
  load: () => import('./TransferScreen.svelte'),
  open(page) {
    const transfers = new Transfers(page);
    const plan = new TransferPlan(page);
    const { connection, writers, opening, place, attempt } = page;
    return {
      commands: listTransferCommands(transfers, plan, attempt),
      provide: () => setTransferPart({ transfers, plan, connection, writers, opening, place, attempt }),
      receive: (event) => transfers.receive(event),
    };
  },
};
