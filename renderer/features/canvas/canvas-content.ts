import type { CanvasPicture } from '../../state/canvas/canvas-picture.ts';
import type { Generation } from '../../state/canvas/result-list.svelte.ts';
import { seenRegion, wholePicture } from '../../state/text/seen-region.ts';
import type { CanvasPart } from '../../state/canvas/canvas-context.ts';
import { say } from '../../language/say.ts';

/** What the canvas shows: on the left what is compared with, on the right what was drawn. */
export interface CanvasContent {
  /** The original, or result A while two results are compared; null for own words without a picture. */
  readonly left: CanvasPicture | null;
  /** The result, or an empty place of the size it will have. */
  readonly right: CanvasPicture;
  /** Both are there and nothing is being drawn over the right one. */
  readonly comparable: boolean;
}

function canvasPictureOf(item: Generation, name: string): CanvasPicture {
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

/** Reads the page’s part; called inside `$derived`, it follows it. */
export function canvasContentOf({ work, drawing, facts }: CanvasPart): CanvasContent {
  const { picture } = work;
  const { results } = drawing;
  const { selected, compared } = results;
  const empty = facts.drawer?.size ?? { width: 64, height: 64 };
  const original: CanvasPicture | null =
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
  const left = compared === null ? original : canvasPictureOf(compared, say('canvas.resultA'));
  const right =
    selected === null
      ? { name, src: null, alt: '', width: empty.width, height: empty.height, region: wholePicture }
      : canvasPictureOf(selected, compared === null ? name : say('canvas.resultB'));
  return { left, right, comparable: left !== null && selected !== null && !drawing.shown && results.variants.length === 0 };
}
