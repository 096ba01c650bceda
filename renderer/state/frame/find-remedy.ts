import type { ErrorCode } from '../../../contract/errors.ts';
import type { Outside } from '../../desktop/outside.ts';
import { say } from '../../language/say.ts';
import type { CoreSettingsBook } from '../core/core-settings.svelte.ts';
import type { Notice } from './notices.svelte.ts';
import type { Overlays } from './overlays.svelte.ts';
import type { Place } from './place.svelte.ts';
import type { StudioFacts } from '../core/studio-facts.svelte.ts';

type Remedy = Notice['remedy'];

interface Helpers {
  readonly facts: StudioFacts;
  readonly place: Place;
  readonly settings: CoreSettingsBook;
  readonly outside: Outside;
  readonly overlays: Overlays;
  attempt(work: Promise<unknown>): void;
}

/** The one button that helps with an error, or null where no button can. */
export function findRemedy(helpers: Helpers, code: ErrorCode): Remedy {
  const { facts, place, settings, outside, overlays } = helpers;
  const go = (label: string, ...to: Parameters<Helpers['place']['show']>): Remedy => ({ label, run: () => place.show(...to) });
  const lookAtPacks = go('Look at the packs', 'packs');
  const chooseOther: Remedy = { label: say('browser.otherPicture'), run: () => overlays.openFileDialog() };
  const { openLogFolder } = outside;
  const remedies: Partial<Record<ErrorCode, Remedy>> = {
    'image-unreadable': chooseOther,
    'image-unsupported': chooseOther,
    'image-too-large': chooseOther,
    'image-too-small': chooseOther,
    'file-unreadable': chooseOther,
    'engine-unavailable': { label: 'Start the engine again', run: () => helpers.attempt(facts.restartEngine()) },
    'memory-exceeded': go('Change the memory limit', 'settings', 'memory'),
    'device-unavailable': go('Choose another device', 'settings', 'device'),
    'disk-full': go('See what takes the room', 'settings', 'privacy'),
    'pack-not-found':
      settings.report?.settings.packId == null
        ? lookAtPacks
        : {
            label: 'Use the pack that came with the studio',
            run: () => helpers.attempt(settings.update({ packId: null })),
          },
    'pack-invalid': lookAtPacks,
    'pack-file-missing': lookAtPacks,
    'pack-file-altered': lookAtPacks,
    'pack-role-missing': lookAtPacks,
    internal: openLogFolder === null ? null : { label: 'Open the log folder', run: () => helpers.attempt(openLogFolder()) },
  };
  return remedies[code] ?? null;
}
