import ListTodo from '@lucide/svelte/icons/list-todo';
import { setBatchPart } from '../../state/batch/batch-context.ts';
import { Batches } from '../../state/batch/batches.svelte.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listBatchCommands } from './batch-commands.ts';
import { say } from '../../language/say.ts';

export const batchWorkspace: Workspace = {
  name: 'batch',
  title: () => say('place.batch'),
  icon: ListTodo,
  keys: null,
  label: () => say('rail.batch'),
  group: 'kept',
  notices: { top: 200 },
  load: () => import('./BatchScreen.svelte'),
  open(page) {
    const batches = new Batches(page);
    const { connection, facts, readers, writers, opening, attempt } = page;
    return {
      commands: listBatchCommands(batches, attempt),
      provide: () => setBatchPart({ batches, connection, facts, readers, writers, opening, attempt }),
      receive: (event) => batches.receive(event),
      coming: () => batches.intake.allComing,
    };
  },
};
