import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Drawing } from './drawing.svelte.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { Preferences } from '../frame/preferences.svelte.ts';

interface Sources {
  readonly preferences: Preferences;
  readonly work: OpenWork;
  readonly drawing: Drawing;
  readonly facts: { readonly drawer: DrawerAbilities | null };
}

/** What the artist set for the next drawing. What they did not set, and what the drawer cannot do, is left to the pack. */
export function collectGenerateSettings({ preferences, work, drawing, facts }: Sources): GenerateSettings {
  const { steps, guidance, scheduler, negative, count, seed, width, height, initStrength, initFrom, initPicture } =
    preferences.values;
  const { guidanceRescale, secondPrompt, clipSkip, emphasis } = preferences.values;
  const original = work.picture?.sha256;
  const shown = drawing.results.selected?.image.sha256 ?? original;
  const start = { original, shown, library: initPicture?.sha256 ?? original }[initFrom];
  const can = facts.drawer;
  return {
    count,
    ...(steps === null || can?.sampling === false ? {} : { steps }),
    ...(guidance === null || can?.sampling === false ? {} : { guidance }),
    ...(scheduler === null || can?.schedulers.includes(scheduler) === false ? {} : { scheduler }),
    ...(negative === null || can?.negative === false ? {} : { negative }),
    ...(guidanceRescale === null || can?.guidanceRescale !== true ? {} : { guidanceRescale }),
    ...(secondPrompt === null || can?.secondPrompt !== true ? {} : { secondPrompt }),
    ...(clipSkip === null || can?.clipSkip !== true ? {} : { clipSkip }),
    ...(emphasis === null || can?.emphasis !== true ? {} : { emphasis }),
    ...(seed === null || can?.seeds === false ? {} : { seed }),
    ...(width === null || height === null ? {} : { width, height }),
    ...(initStrength === null || start === undefined || can?.initPictures === false
      ? {}
      : { init: { imageSha256: start, strength: initStrength } }),
  };
}
