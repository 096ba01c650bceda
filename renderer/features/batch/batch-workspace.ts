import ListTodo from '@lucide/svelte/icons/list-todo';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listBatchCommands } from './batch-commands.ts';

export const batchWorkspace: Workspace = {
  name: 'batch',
  title: 'Batch',
  icon: ListTodo,
  keys: null,
  side: 'top',
  notices: { top: 200 },
  load: () => import('./BatchScreen.svelte'),
  commands: listBatchCommands,
};
