import Blend from '@lucide/svelte/icons/blend';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listBlendCommands } from './blend-commands.ts';
import { say } from '../../language/say.ts';

export const blendWorkspace: Workspace = {
  name: 'blend',
  title: () => say('place.blend'),
  icon: Blend,
  keys: null,
  label: () => say('rail.blend'),
  group: 'work',
  notices: { top: 64 },
  load: () => import('./BlendScreen.svelte'),
  commands: listBlendCommands,
};
