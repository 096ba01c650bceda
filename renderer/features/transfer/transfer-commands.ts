import type { Command } from '../../state/frame/command.ts';
import type { Page } from '../../state/page.svelte.ts';
import type { TransferPlan } from '../../state/transfer/transfer-plan.svelte.ts';
import type { Transfers } from '../../state/transfer/transfers.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['transfer'] as const;

/** A new grid, and what is done with the open one. */
export function listTransferCommands(transfers: Transfers, plan: TransferPlan, attempt: Page['attempt']): readonly Command[] {
  const none = (): string | null => (transfers.open === null ? say('transfer.none') : null);
  const save = (format: 'csv' | 'html') => (): void => {
    const { open } = transfers;
    if (open !== null) attempt(transfers.save(open, format));
  };
  const savePicture = (): void => {
    const { open } = transfers;
    if (open !== null) attempt(transfers.savePicture(open));
  };
  return [
    {
      ...{ id: 'transfer-new', name: () => say('command.transfer-new'), keys: null, where, whileWriting: false },
      run: () => transfers.plan(),
    },
    {
      ...{ id: 'transfer-draw', name: () => say('command.transfer-draw'), keys: 'Mod+Enter', where, whileWriting: true },
      run: () => attempt(plan.order().then((order) => transfers.begin(order))),
      whyNot: () => (transfers.open === null ? plan.whyNot() : say('transfer.whyNot.open')),
    },
    {
      ...{ id: 'transfer-save-csv', name: () => say('command.transfer-save-csv'), keys: null, where, whileWriting: false },
      ...{ run: save('csv'), whyNot: none },
    },
    {
      ...{ id: 'transfer-save-html', name: () => say('command.transfer-save-html'), keys: null, where, whileWriting: false },
      ...{ run: save('html'), whyNot: none },
    },
    {
      ...{
        id: 'transfer-save-picture',
        name: () => say('command.transfer-save-picture'),
        keys: null,
        where,
        whileWriting: false,
      },
      ...{ run: savePicture, whyNot: none },
    },
  ];
}
