import type { PromptDocument } from './prompt.ts';
import type { PictureRegion } from './reading.ts';

/** A part of a picture in any unit, its corners in the same. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly outline?: readonly (readonly [number, number])[] | undefined;
}

/** Whether the middle of a pixel lies in a part, all around it left aside: by the even-odd rule where it has a shape. */
export function insideOf({ x, y, width, height, outline }: Part): (column: number, row: number) => boolean {
  const isInBox = (column: number, row: number): boolean =>
    column + 0.5 >= x && row + 0.5 >= y && column + 0.5 < x + width && row + 0.5 < y + height;
  if (outline === undefined) return isInBox;
  const rows = new Map<number, readonly number[]>();
  return (column, row) => {
    if (!isInBox(column, row)) return false;
    const crossings = rows.get(row) ?? crossingsAt(outline, row + 0.5);
    rows.set(row, crossings);
    return crossings.filter((at) => at > column + 0.5).length % 2 === 1;
  };
}

/** Where the sides of a shape cross a horizontal line. */
function crossingsAt(outline: readonly (readonly [number, number])[], line: number): number[] {
  return outline.flatMap(([fromX, fromY], corner) => {
    const [toX, toY] = outline[(corner + 1) % outline.length] ?? [fromX, fromY];
    if (fromY <= line === toY <= line) return [];
    return [fromX + ((line - fromY) / (toY - fromY)) * (toX - fromX)];
  });
}

/** The pixels of a part, a row at a time: 1 where one belongs to it, 0 elsewhere; with `around` the other way round. */
export function* rowsOf(
  part: Part,
  around: boolean,
  { width, height }: { readonly width: number; readonly height: number },
): Generator<Uint8Array, void, undefined> {
  const isInside = insideOf(part);
  for (let row = 0; row < height; row += 1) {
    const pixels = new Uint8Array(width);
    for (let column = 0; column < width; column += 1) pixels[column] = isInside(column, row) === around ? 0 : 1;
    yield pixels;
  }
}

/**
 * The part of a picture that its text was read from, so that it alone can be drawn anew; of a part and all around it, each read alone, the part. Null
 * where the text speaks of all of it, of several parts, or of another picture.
 */
export function regionToRedraw({ sources, slots }: PromptDocument, imageSha256: string): PictureRegion | null {
  const used = new Set(slots.map(({ source }) => source));
  const regions = sources.flatMap((source, index) =>
    source.type === 'reading' && used.has(index) && source.imageSha256 === imageSha256 ? (source.region ?? []) : [],
  );
  const parts = regions.filter(({ around }) => around !== true);
  const named = parts.length > 0 ? parts : regions;
  return new Set(named.map((region) => JSON.stringify(region))).size === 1 ? (named[0] ?? null) : null;
}
