import BookOpen from '@lucide/svelte/icons/book-open';
import type { Workspace } from '../../state/frame/workspace.ts';
import { say } from '../../language/say.ts';

export const guideWorkspace: Workspace = {
  name: 'guide',
  title: () => say('place.guide'),
  icon: BookOpen,
  keys: 'F1',
  label: () => say('rail.guide'),
  group: 'base',
  notices: { bottom: 48 },
  load: () => import('./GuideScreen.svelte'),
  open: () => ({ commands: [] }),
};
