import type { Exhibit } from '../../state/canvas/exhibit.ts';
import type { Generation } from '../../state/canvas/result-list.svelte.ts';
import { seenRegion, wholePicture } from '../../state/text/seen-region.ts';
import type { Studio } from '../../state/studio.svelte.ts';
import { say } from '../../language/say.ts';

/** What the canvas shows: on the left what is compared with, on the right what was drawn. */
export interface Scene {
  /** The original, or result A while two results are compared; null for own words without a picture. */
  readonly left: Exhibit | null;
  /** The result, or an empty place of the size it will have. */
  readonly right: Exhibit;
  /** Both are there and nothing is being drawn over the right one. */
  readonly comparable: boolean;
}

function exhibitOf(item: Generation, name: string): Exhibit {
  const { width, height, sha256 } = item.image;
  return {
    name,
    src: `shown/${sha256}`,
    alt: say('canvas.drawnFrom', { text: item.recipe.text }),
    width,
    height,
    region: wholePicture,
  };
}

/** Reads the studio; called inside `$derived`, it follows it. */
export function sceneOf({ manuscript, drawing, facts }: Studio): Scene {
  const { picture } = manuscript;
  const { results } = drawing;
  const { selected, compared } = results;
  const empty = facts.drawer?.size ?? { width: 64, height: 64 };
  const original: Exhibit | null =
    picture === null
      ? null
      : {
          name: say('canvas.original'),
          src: `shown/${picture.sha256}`,
          alt: picture.title,
          width: picture.width,
          height: picture.height,
          region: seenRegion(picture, facts.pack?.roles.encoder?.image ?? null),
        };
  // Without an original nothing was reconstructed.
  const name = say(picture === null ? 'canvas.drawn' : 'canvas.reconstruction');
  const left = compared === null ? original : exhibitOf(compared, say('canvas.resultA'));
  const right =
    selected === null
      ? { name, src: null, alt: '', width: empty.width, height: empty.height, region: wholePicture }
      : exhibitOf(selected, compared === null ? name : say('canvas.resultB'));
  return { left, right, comparable: left !== null && selected !== null && !drawing.shown };
}
