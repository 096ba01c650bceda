import type { ProgramUpdates } from '../../desktop/platform.ts';
import { say } from '../../language/say.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { NetworkAccess } from './network-access.svelte.ts';
import { Updates } from './updates.svelte.ts';

interface Surroundings {
  readonly network: NetworkAccess;
  readonly notices: Notices;
  readonly place: Place;
  attempt(task: Promise<unknown>): void;
}

/** How the program around the page gets newer. News of it are calm: said once, and gone by themselves. */
export function followUpdates(program: ProgramUpdates, page: Surroundings): Updates {
  const look = { label: say('updates.look'), run: () => page.place.show('settings', 'updates') };
  const updates = new Updates(program, page.network, {
    onFound: (version) => page.notices.tell(say('updates.news.found', { version }), '', look),
    onReady: (version) => page.notices.tell(say('updates.news.ready', { version }), say('updates.news.ready.hint'), look),
  });
  page.attempt(updates.load());
  return updates;
}
