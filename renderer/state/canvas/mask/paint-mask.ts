import type { MaskStroke } from './mask-record.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Strokes on black, one after the other: 1 for each pixel that is drawn anew, 0 for the others. */
export function paintMask(strokes: readonly MaskStroke[], size: Size): Uint8Array {
  const mask = new Uint8Array(size.width * size.height);
  for (const stroke of strokes) paintStroke(mask, size, stroke);
  return mask;
}

/** One more stroke on a mask, in place. A pixel is painted where its middle is. */
export function paintStroke(mask: Uint8Array, size: Size, stroke: MaskStroke): void {
  switch (stroke.type) {
    case 'clear':
      mask.fill(0);
      return;
    case 'invert':
      for (let pixel = 0; pixel < mask.length; pixel += 1) mask[pixel] = mask[pixel] === 1 ? 0 : 1;
      return;
    case 'rectangle':
      fillRows(mask, size, stroke.top * size.height, (stroke.top + stroke.height) * size.height, stroke.erases, () => [
        stroke.left * size.width,
        (stroke.left + stroke.width) * size.width,
      ]);
      return;
    case 'line': {
      const radius = stroke.radius * Math.max(size.width, size.height);
      const { points, erases } = stroke;
      for (let at = 0; at < points.length; at += 2) {
        const [x, y] = [(points[at] ?? 0) * size.width, (points[at + 1] ?? 0) * size.height];
        fillDisc(mask, size, x, y, radius, erases);
        // Between two points the discs stand so close that no edge is seen.
        const [nextX = x / size.width, nextY = y / size.height] = points.slice(at + 2, at + 4);
        const [wayX, wayY] = [nextX * size.width - x, nextY * size.height - y];
        const discs = Math.ceil(Math.hypot(wayX, wayY) / Math.max(0.5, radius / 4));
        for (let disc = 1; disc < discs; disc += 1)
          fillDisc(mask, size, x + (wayX * disc) / discs, y + (wayY * disc) / discs, radius, erases);
      }
    }
  }
}

function fillDisc(mask: Uint8Array, size: Size, x: number, y: number, radius: number, erases: boolean): void {
  fillRows(mask, size, y - radius, y + radius, erases, (middle) => {
    const half = Math.sqrt(Math.max(0, radius ** 2 - (middle - y) ** 2));
    return [x - half, x + half];
  });
}

/** Fills the pixels of each row whose middle lies from `top` to `bottom`, between the ends that `spanOf` its middle gives. */
function fillRows(
  mask: Uint8Array,
  { width, height }: Size,
  top: number,
  bottom: number,
  erases: boolean,
  spanOf: (middle: number) => readonly [number, number],
): void {
  const firstAt = (edge: number, most: number): number => Math.min(most, Math.max(0, Math.ceil(edge - 0.5)));
  for (let row = firstAt(top, height); row < firstAt(bottom, height); row += 1) {
    const [left, right] = spanOf(row + 0.5);
    mask.fill(erases ? 0 : 1, row * width + firstAt(left, width), row * width + firstAt(right, width));
  }
}
