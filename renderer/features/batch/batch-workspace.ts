import ListTodo from '@lucide/svelte/icons/list-todo';
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
  commands: listBatchCommands,
};
