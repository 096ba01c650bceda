import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Drawing } from './drawing.svelte.ts';
import type { Manuscript } from '../text/manuscript.svelte.ts';
import type { Preferences } from '../frame/preferences.svelte.ts';

interface Sources {
  readonly preferences: Preferences;
  readonly manuscript: Manuscript;
  readonly drawing: Drawing;
}

/** What the artist set for the next drawing; what they did not set is left to the pack. */
export function collectGenerateSettings({ preferences, manuscript, drawing }: Sources): GenerateSettings {
  const { steps, guidance, scheduler, negative, count, seed, width, height, initStrength, initFrom, initPicture } =
    preferences.values;
  const original = manuscript.picture?.sha256;
  const shown = drawing.results.selected?.image.sha256 ?? original;
  const start = { original, shown, library: initPicture?.sha256 ?? original }[initFrom];
  return {
    count,
    ...(steps === null ? {} : { steps }),
    ...(guidance === null ? {} : { guidance }),
    ...(scheduler === null ? {} : { scheduler }),
    ...(negative === null ? {} : { negative }),
    ...(seed === null ? {} : { seed }),
    ...(width === null || height === null ? {} : { width, height }),
    ...(initStrength === null || start === undefined ? {} : { init: { imageSha256: start, strength: initStrength } }),
  };
}
