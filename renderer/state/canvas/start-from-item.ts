import type { LibraryItem } from '../../../contract/library.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { Preferences } from '../frame/preferences.svelte.ts';
import { say } from '../../language/say.ts';

interface Helpers {
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly place: Place;
}

/** The next drawing starts from an item's picture. A text has none, and changes nothing. */
export function startFromItem({ preferences, notices, place }: Helpers, item: LibraryItem): void {
  if (item.kind === 'prompt') return;
  const title = item.title || (item.kind === 'generation' ? item.recipe.text : say('library.picture'));
  const initStrength = preferences.values.initStrength ?? 0.6;
  preferences.set({ initFrom: 'library', initPicture: { sha256: item.image.sha256, title }, initStrength });
  notices.tell(say('canvas.startsFrom'), say('canvas.startsFrom.hint'), {
    label: say('library.goToStudio'),
    run: () => place.show('studio'),
  });
}
