import { aspectOf } from './canvas-picture.ts';
import type { CanvasPicture } from './canvas-picture.ts';

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

export function isSmall({ width, height }: CanvasPicture): boolean {
  return Math.max(width, height) <= smallSide;
}

/** CSS pixels per picture pixel at a unit. */
export function scaleAt(picture: CanvasPicture, unit: number): number {
  return unit / (picture.height * picture.region.height);
}

function unitAt(picture: CanvasPicture, scale: number): number {
  return scale * picture.height * picture.region.height;
}

/** The picture with the most pixels in the common part: the one whose pixels a zoom figure counts. */
export function finestOf(pictures: readonly CanvasPicture[]): CanvasPicture | null {
  const heights = pictures.map(({ height, region }) => height * region.height);
  return pictures[heights.indexOf(Math.max(...heights))] ?? null;
}

/**
 * The largest unit at which every picture is whole in its room. Small pictures keep whole multiples of device pixels, the
 * coarsest first; large ones are never blown up.
 * @param pixelRatio device pixels per CSS pixel
 */
export function fitUnit(pictures: readonly CanvasPicture[], room: Room, pixelRatio: number): number {
  const roomy = pictures.map((picture) =>
    Math.min(room.height * picture.region.height, (room.width * picture.region.width) / aspectOf(picture)),
  );
  const most = Math.max(1, Math.min(...roomy));
  const large = pictures.filter((picture) => !isSmall(picture)).map((picture) => unitAt(picture, 1));
  const small = pictures.filter(isSmall).map((picture) => unitAt(picture, 1 / pixelRatio));
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
export function unitLimits(
  pictures: readonly CanvasPicture[],
  fitted: number,
  pixelRatio: number,
): { least: number; most: number } {
  const finest = finestOf(pictures);
  if (finest === null) return { least: fitted, most: fitted };
  const largest = isSmall(finest) ? 64 : 32;
  return {
    least: Math.min(fitted, unitAt(finest, 1 / pixelRatio)),
    most: Math.max(fitted, unitAt(finest, largest / pixelRatio)),
  };
}

/** Keeps the pictures in sight: a side that fits stays in the middle, a longer one never leaves a gap. */
export function clampCentre(centre: Point, unit: number, pictures: readonly CanvasPicture[], room: Room): Point {
  const along = (value: number, length: number, unitLength: number, from: number, to: number): number => {
    const half = length / 2 / unitLength;
    return to - from <= half * 2 ? (from + to) / 2 : Math.min(to - half, Math.max(from + half, value));
  };
  const edges = pictures.map(({ region }) => ({
    left: -region.left / region.width,
    right: (1 - region.left) / region.width,
    top: -region.top / region.height,
    bottom: (1 - region.top) / region.height,
  }));
  const aspect = Math.max(...pictures.map(aspectOf));
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
