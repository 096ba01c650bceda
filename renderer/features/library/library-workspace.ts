import LibraryBig from '@lucide/svelte/icons/library-big';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listLibraryCommands } from './library-commands.ts';
import { say } from '../../language/say.ts';

export const libraryWorkspace: Workspace = {
  name: 'library',
  title: () => say('place.library'),
  icon: LibraryBig,
  keys: null,
  label: () => say('rail.library'),
  group: 'kept',
  // The first tiles are those that people act on; the bottom is above the bar of what is chosen.
  notices: { bottom: 120 },
  load: () => import('./LibraryScreen.svelte'),
  open: (page) => ({ commands: listLibraryCommands(page) }),
};
