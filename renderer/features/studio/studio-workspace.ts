import Paintbrush from '@lucide/svelte/icons/paintbrush';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listMaskCommands } from '../canvas/mask/mask-commands.ts';
import { listPictureCommands } from '../canvas/picture-commands.ts';
import { listZoomCommands } from '../canvas/zoom-commands.ts';
import { listFileCommands } from '../export/file-commands.ts';
import { listResultCommands } from '../filmstrip/result-commands.ts';
import { listTextCommands } from '../words/text-commands.ts';
import { listWordCommands } from '../words/word-commands.ts';
import { say } from '../../language/say.ts';

export const studioWorkspace: Workspace = {
  name: 'studio',
  title: () => say('place.studio'),
  icon: Paintbrush,
  keys: null,
  label: () => say('rail.studio'),
  group: 'work',
  notices: { top: 56 },
  load: null,
  open: (page) => ({
    commands: [
      ...listTextCommands(page),
      ...listWordCommands(page),
      ...listPictureCommands(page),
      ...listMaskCommands(page),
      ...listZoomCommands(page),
      ...listResultCommands(page),
      ...listFileCommands(page),
    ],
  }),
};
