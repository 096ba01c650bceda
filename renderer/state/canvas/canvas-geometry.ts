import { aspectOf } from './exhibit.ts';
import type { Exhibit } from './exhibit.ts';

/**
 * Pictures on the canvas have a part in common: what the encoder saw, which is all of a reconstruction. Every pane shows that
 * part at the same height, `unit`, in CSS pixels, with the same place of it, `centre`, in the middle; so all of them move together.
 */
export interface View {
  readonly unit: number;
  /** In shares of the common part: 0..1 is inside it, and an original reaches beyond. */
  readonly centre: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Room {
  readonly width: number;
  readonly height: number;
}

/** Pictures up to this side are small-world pictures: shown at whole multiples, so that every pixel is the same size. */
export const smallSide = 256;

export function isSmall({ width, height }: Exhibit): boolean {
  return Math.max(width, height) <= smallSide;
}

/** CSS pixels per picture pixel at a unit. */
export function scaleAt(exhibit: Exhibit, unit: number): number {
  return unit / (exhibit.height * exhibit.region.height);
}

function unitAt(exhibit: Exhibit, scale: number): number {
  return scale * exhibit.height * exhibit.region.height;
}

/** The picture with the most pixels in the common part: the one whose pixels a zoom figure counts. */
export function finestOf(exhibits: readonly Exhibit[]): Exhibit | null {
  const heights = exhibits.map(({ height, region }) => height * region.height);
  return exhibits[heights.indexOf(Math.max(...heights))] ?? null;
}

/**
 * The largest unit at which every picture is whole in its room. Small pictures keep whole multiples of device pixels, the
 * coarsest first; large ones are never blown up.
 * @param pixelRatio device pixels per CSS pixel
 */
export function fitUnit(exhibits: readonly Exhibit[], room: Room, pixelRatio: number): number {
  const roomy = exhibits.map((exhibit) =>
    Math.min(room.height * exhibit.region.height, (room.width * exhibit.region.width) / aspectOf(exhibit)),
  );
  const most = Math.max(1, Math.min(...roomy));
  const large = exhibits.filter((exhibit) => !isSmall(exhibit)).map((exhibit) => unitAt(exhibit, 1));
  const small = exhibits.filter(isSmall).map((exhibit) => unitAt(exhibit, 1 / pixelRatio));
  if (small.length === 0) return Math.min(most, ...large);
  const both = leastCommonMultiple(small);
  const step = both <= most ? both : Math.min(...small);
  return step <= most ? Math.floor(most / step) * step : most;
}

/** Of whole numbers; for others the largest, so that at least one picture keeps whole pixels. */
function leastCommonMultiple(numbers: readonly number[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const whole = numbers.every((number) => Number.isInteger(number));
  return numbers.reduce((a, b) => (whole ? (a * b) / divisor(a, b) : Math.max(a, b)));
}

/** From all of it on screen (or one to one, where that is smaller) to pixels as large as a fingertip. */
export function unitLimits(exhibits: readonly Exhibit[], fitted: number, pixelRatio: number): { least: number; most: number } {
  const finest = finestOf(exhibits);
  if (finest === null) return { least: fitted, most: fitted };
  const largest = isSmall(finest) ? 64 : 32;
  return {
    least: Math.min(fitted, unitAt(finest, 1 / pixelRatio)),
    most: Math.max(fitted, unitAt(finest, largest / pixelRatio)),
  };
}

/** Keeps the pictures in sight: a side that fits stays in the middle, a longer one never leaves a gap. */
export function clampCentre(centre: Point, unit: number, exhibits: readonly Exhibit[], room: Room): Point {
  const along = (value: number, length: number, unitLength: number, from: number, to: number): number => {
    const half = length / 2 / unitLength;
    return to - from <= half * 2 ? (from + to) / 2 : Math.min(to - half, Math.max(from + half, value));
  };
  const edges = exhibits.map(({ region }) => ({
    left: -region.left / region.width,
    right: (1 - region.left) / region.width,
    top: -region.top / region.height,
    bottom: (1 - region.top) / region.height,
  }));
  const aspect = Math.max(...exhibits.map(aspectOf));
  if (edges.length === 0) return centre;
  return {
    x: along(
      centre.x,
      room.width,
      unit * aspect,
      Math.min(...edges.map(({ left }) => left)),
      Math.max(...edges.map(({ right }) => right)),
    ),
    y: along(
      centre.y,
      room.height,
      unit,
      Math.min(...edges.map(({ top }) => top)),
      Math.max(...edges.map(({ bottom }) => bottom)),
    ),
  };
}

/** The place of the common part under a point of a pane, which is counted from the pane's middle in CSS pixels. */
export function placeUnder(view: View, point: Point, aspect: number): Point {
  return { x: view.centre.x + point.x / (view.unit * aspect), y: view.centre.y + point.y / view.unit };
}

/** The same place stays under the point while the unit changes. */
export function zoomAbout(view: View, unit: number, point: Point, aspect: number): View {
  const place = placeUnder(view, point, aspect);
  return { unit, centre: { x: place.x - point.x / (unit * aspect), y: place.y - point.y / unit } };
}
