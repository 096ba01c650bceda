import { captionHeight, gridGap, gridPadding } from './grid-layout.ts';
import type { GridLayout } from './grid-layout.ts';

/** A place in the grid's whole space, also where it is scrolled out of sight. CSS pixels from its left upper corner. */
export interface GridPoint {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in the grid's whole space, CSS pixels. */
export interface GridBand {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Scrolling begins so close to an edge of the room, and grows with every pixel beyond that. */
const edge = 40;
const pixelsAFrame = 0.3;
const mostPixelsAFrame = 60;

/** The rectangle between two places, cut to a space of this size. */
export function bandBetween(from: GridPoint, to: GridPoint, width: number, height: number): GridBand {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const [fromX, toX] = [within(from.x, width), within(to.x, width)];
  const [fromY, toY] = [within(from.y, height), within(to.y, height)];
  return { left: Math.min(fromX, toX), top: Math.min(fromY, toY), width: Math.abs(toX - fromX), height: Math.abs(toY - fromY) };
}

/** Positions of the items a rectangle touches, picture or caption, in their order. */
export function listTouched(layout: GridLayout, band: GridBand): readonly number[] {
  const [firstColumn, lastColumn] = span(band.left - gridPadding, band.width, layout.side + gridGap, layout.side);
  const touched: number[] = [];
  for (const { first, count, rows, cellsTop } of layout.sections) {
    const [firstRow, lastRow] = span(band.top - cellsTop, band.height, layout.pitch, layout.side + captionHeight);
    for (let row = Math.max(0, firstRow); row <= Math.min(rows - 1, lastRow); row += 1) {
      for (let column = Math.max(0, firstColumn); column <= Math.min(layout.columns - 1, lastColumn); column += 1) {
        const at = row * layout.columns + column;
        if (at < count) touched.push(first + at);
      }
    }
  }
  return touched;
}

/** How far to scroll in one frame for a pointer this far below the upper edge of a room; 0 in its middle. */
export function scrollStep(y: number, roomHeight: number): number {
  const beyond = y < edge ? y - edge : Math.max(0, y - (roomHeight - edge));
  return Math.max(-mostPixelsAFrame, Math.min(mostPixelsAFrame, Math.round(beyond * pixelsAFrame)));
}

/** First and last of equal steps, each filled from its beginning up to `filled`, that a length touches. */
function span(start: number, length: number, step: number, filled: number): readonly [number, number] {
  return [Math.floor((start - filled) / step) + 1, Math.ceil((start + length) / step) - 1];
}
