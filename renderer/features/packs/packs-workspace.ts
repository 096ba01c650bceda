import Package from '@lucide/svelte/icons/package';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listPackCommands } from './pack-commands.ts';
import { say } from '../../language/say.ts';

export const packsWorkspace: Workspace = {
  name: 'packs',
  title: () => say('place.packs'),
  icon: Package,
  keys: null,
  label: () => say('rail.packs'),
  group: 'base',
  notices: { top: 72 },
  load: () => import('./PacksScreen.svelte'),
  commands: listPackCommands,
};
