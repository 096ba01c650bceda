import Package from '@lucide/svelte/icons/package';
import { Models } from '../../state/packs/models.svelte.ts';
import { setPacksPart } from '../../state/packs/packs-context.ts';
import { Packs } from '../../state/packs/packs.svelte.ts';
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
  open(page) {
    const { client } = page.sources.transport;
    const packs = new Packs(client);
    const { facts, settings, connection, platform, notices, place, attempt, jobs } = page;
    const models = new Models(client, jobs);
    return {
      commands: listPackCommands(page, packs),
      provide: () => setPacksPart({ packs, models, facts, settings, connection, platform, notices, place, attempt }),
    };
  },
};
