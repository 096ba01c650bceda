import { regionToRedraw } from '../../../../contract/texts/region.ts';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import { say } from '../../../language/say.ts';
import type { Preferences } from '../../frame/preferences.svelte.ts';
import type { OpenWork } from '../../text/open-work.svelte.ts';
import type { DrawPlace } from '../draw-place.svelte.ts';
import type { Drawing } from '../drawing.svelte.ts';

interface Sources {
  readonly work: OpenWork;
  readonly drawing: Drawing;
  readonly preferences: Preferences;
}

/** Why the open text cannot be drawn into the part of the original that it was read from; null where it can. */
export function whyNoPart({ work, drawPlace }: Pick<Sources, 'work'> & { readonly drawPlace: DrawPlace }): string | null {
  if (drawPlace.drawer?.masks === false) return say('canvas.mask.cannot');
  return partOf(work) === null ? say('canvas.mask.noPart') : null;
}

/**
 * Draws the open text into the part of the original that it was read from; the rest of the original stays. One drawing: what is painted over the
 * original, and what the next drawing begins with, stay as they are.
 */
export async function redrawPart({ work, drawing, preferences }: Sources): Promise<void> {
  const { picture } = work;
  const region = partOf(work);
  if (picture === null || region === null) return;
  const { initFrom, initStrength } = preferences.values;
  // How much is changed is what was set for the original; else the part is drawn as if nothing were there.
  const isSet = initFrom === 'original' && initStrength !== null;
  await drawing.drawInto(picture, region, isSet ? initStrength : 1);
}

function partOf({ document, picture }: OpenWork): PictureRegion | null {
  return document === null || picture === null ? null : regionToRedraw(document, picture.sha256);
}
