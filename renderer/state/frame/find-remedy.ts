import type { ErrorCode } from '../../../contract/errors.ts';
import type { Platform } from '../../desktop/platform.ts';
import { say } from '../../language/say.ts';
import type { Settings } from '../settings/settings.svelte.ts';
import type { Notice } from './notices.svelte.ts';
import type { Overlays } from './overlays.svelte.ts';
import type { Place } from './place.svelte.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';

type Remedy = Notice['remedy'];

interface Helpers {
  readonly facts: CoreFacts;
  readonly place: Place;
  readonly settings: Settings;
  readonly platform: Platform;
  readonly overlays: Overlays;
  attempt(task: Promise<unknown>): void;
}

/** The one button that helps with an error, or null where no button can. */
export function findRemedy(helpers: Helpers, code: ErrorCode): Remedy {
  const { facts, place, settings, platform, overlays } = helpers;
  const go = (label: string, ...to: Parameters<Helpers['place']['show']>): Remedy => ({ label, run: () => place.show(...to) });
  const lookAtPacks = go(say('status.remedy.packs'), 'packs');
  const connections = go(say('status.remedy.connections'), 'settings', 'connections');
  const chooseOther: Remedy = { label: say('browser.otherPicture'), run: () => overlays.openFileDialog() };
  const { openLogFolder } = platform;
  const remedies: Partial<Record<ErrorCode, Remedy>> = {
    'image-unreadable': chooseOther,
    'image-unsupported': chooseOther,
    'image-too-large': chooseOther,
    'image-too-small': chooseOther,
    'file-unreadable': chooseOther,
    'engine-unavailable': { label: say('status.remedy.engine'), run: () => helpers.attempt(facts.restartEngine()) },
    'memory-exceeded': go(say('status.remedy.memory'), 'settings', 'memory'),
    'device-unavailable': go(say('status.remedy.device'), 'settings', 'device'),
    'consent-needed': connections,
    'writer-refused': connections,
    'writer-limited': connections,
    'tool-refused': connections,
    'tool-limited': connections,
    'disk-full': go(say('status.remedy.room'), 'settings', 'privacy'),
    'pack-not-found':
      settings.report?.settings.packId == null
        ? lookAtPacks
        : {
            label: say('status.remedy.embedded'),
            run: () => helpers.attempt(settings.update({ packId: null })),
          },
    'pack-invalid': lookAtPacks,
    'pack-file-missing': lookAtPacks,
    'pack-file-altered': lookAtPacks,
    'pack-role-missing': lookAtPacks,
    internal: openLogFolder === null ? null : { label: say('status.remedy.logs'), run: () => helpers.attempt(openLogFolder()) },
  };
  return remedies[code] ?? null;
}
