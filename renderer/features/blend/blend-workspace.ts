import BlendIcon from '@lucide/svelte/icons/blend';
import { setBlendPart } from '../../state/blend/blend-context.ts';
import { Blend } from '../../state/blend/blend.svelte.ts';
import type { Workspace } from '../../state/frame/workspace.ts';
import { listBlendCommands } from './blend-commands.ts';
import { say } from '../../language/say.ts';

export const blendWorkspace: Workspace = {
  name: 'blend',
  title: () => say('place.blend'),
  icon: BlendIcon,
  keys: null,
  label: () => say('rail.blend'),
  group: 'work',
  notices: { top: 64 },
  load: () => import('./BlendScreen.svelte'),
  open(page) {
    const blend = new Blend(page);
    const { writers, connection, drawPlace, facts, work, place, shortcuts, opening, platform, notices, attempt, remedyFor } =
      page;
    return {
      commands: listBlendCommands(page, blend),
      provide: () =>
        setBlendPart({
          blend,
          writers,
          connection,
          drawPlace,
          facts,
          work,
          place,
          shortcuts,
          opening,
          platform,
          notices,
          attempt,
          remedyFor,
        }),
      greet: () => blend.greet(),
      draft: blend,
      heldReadings: () => blend.heldReadings,
    };
  },
};
