import type { ProgramUpdates } from '../../desktop/platform.ts';
import { say } from '../../language/say.ts';
import type { Page } from '../page.svelte.ts';
import { Updates } from './updates.svelte.ts';

/** How the program around the page gets newer. News of it are calm: said once, and gone by themselves. */
export function followUpdates(program: ProgramUpdates, page: Pick<Page, 'network' | 'notices' | 'place' | 'attempt'>): Updates {
  const look = { label: say('updates.look'), run: () => page.place.show('settings', 'updates') };
  const updates = new Updates(program, page.network, {
    onFound: (version) => page.notices.tell(say('updates.news.found', { version }), '', look),
    onReady: (version) => page.notices.tell(say('updates.news.ready', { version }), say('updates.news.ready.hint'), look),
  });
  page.attempt(updates.load());
  return updates;
}
