import type { ErrorCode } from '../../contract/errors.ts';
import type { Outside } from '../desktop/outside.ts';
import type { CoreSettingsBook } from './core-settings.svelte.ts';
import type { Notice } from './notices.svelte.ts';
import type { Place } from './place.svelte.ts';
import type { StudioFacts } from './studio-facts.svelte.ts';

type Remedy = Notice['remedy'];

interface Helpers {
  readonly facts: StudioFacts;
  readonly place: Place;
  readonly settings: CoreSettingsBook;
  readonly outside: Outside;
  attempt(work: Promise<unknown>): void;
}

/** The one button that helps with an error, or null where no button can. */
export function findRemedy(helpers: Helpers, code: ErrorCode): Remedy {
  const { facts, place, settings, outside } = helpers;
  const go = (label: string, ...to: Parameters<Helpers['place']['show']>): Remedy => ({ label, run: () => place.show(...to) });
  switch (code) {
    case 'engine-unavailable':
      return { label: 'Start the engine again', run: () => helpers.attempt(facts.restartEngine()) };
    case 'memory-exceeded':
      return go('Change the memory limit', 'settings', 'memory');
    case 'device-unavailable':
      return go('Choose another device', 'settings', 'device');
    case 'disk-full':
      return go('See what takes the room', 'settings', 'privacy');
    case 'pack-not-found':
      return settings.report?.settings.packId == null
        ? go('Look at the packs', 'packs')
        : { label: 'Use the pack that came with the studio', run: () => helpers.attempt(settings.update({ packId: null })) };
    case 'pack-invalid':
    case 'pack-file-missing':
    case 'pack-file-altered':
    case 'pack-role-missing':
      return go('Look at the packs', 'packs');
    case 'internal': {
      const { openLogFolder } = outside;
      return openLogFolder === null ? null : { label: 'Open the log folder', run: () => helpers.attempt(openLogFolder()) };
    }
    default:
      return null;
  }
}
