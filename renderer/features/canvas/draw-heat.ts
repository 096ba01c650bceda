import type { Heat } from '../../state/text/attention-focus.svelte.ts';

/** The darkest an unseen patch gets: the picture stays recognisable under it. */
const darkest = 0.82;

/**
 * Darkens what was not looked at and leaves the rest of the picture as it is, so that its colours can still be judged.
 * One canvas pixel is one patch; the browser smooths between them.
 */
export function drawHeat(canvas: HTMLCanvasElement, heat: Heat): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { rows, columns } = heat.grid;
  canvas.width = columns;
  canvas.height = rows;
  const picture = context.createImageData(columns, rows);
  const reach = darkest * (0.45 + 0.55 * heat.strength);
  heat.values.forEach((value, patch) => {
    picture.data[patch * 4 + 3] = Math.round(255 * reach * (1 - Math.sqrt(value)));
  });
  context.putImageData(picture, 0, 0);
}
