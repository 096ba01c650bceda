import Settings from '@lucide/svelte/icons/settings';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listSettingsCommands } from './settings-commands.ts';
import { say } from '../../language/say.ts';

export const settingsWorkspace: Workspace = {
  name: 'settings',
  title: () => say('place.settings'),
  icon: Settings,
  keys: 'Mod+,',
  label: () => say('rail.settings'),
  group: 'base',
  notices: { top: 72 },
  load: () => import('./SettingsScreen.svelte'),
  open: (page) => ({ commands: listSettingsCommands(page) }),
};
