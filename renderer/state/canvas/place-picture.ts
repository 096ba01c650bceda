import { isSmall, scaleAt } from './canvas-geometry.ts';
import type { Room, View } from './canvas-geometry.ts';
import { aspectOf } from './canvas-picture.ts';
import type { CanvasPicture } from './canvas-picture.ts';

/** Where the whole picture lies in its pane, in CSS pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels per picture pixel. */
  readonly scale: number;
  /** Device pixels per picture pixel: what is called zoom everywhere a person reads it. */
  readonly zoom: number;
  /** Shown pixel by pixel, without smoothing. */
  readonly crisp: boolean;
}

/**
 * Past this many device pixels per picture pixel a person looks at pixels, and smoothing would hide them. A small picture is enlarged
 * as far as that only to fill its pane.
 */
const [pixelExactPast, smallPixelExactPast] = [4, 8];
/** Pictures below this side are made of pixels that one sees; larger ones only look coarse without smoothing. */
const pixelArtBelow = 128;

/** @param pixelRatio device pixels per CSS pixel */
export function placePicture(picture: CanvasPicture, view: View, room: Room, pixelRatio: number): Placement {
  const { region } = picture;
  const unitWidth = view.unit * aspectOf(picture);
  const width = unitWidth / region.width;
  const height = view.unit / region.height;
  const scale = scaleAt(picture, view.unit);
  const zoom = scale * pixelRatio;
  const small = isSmall(picture);
  const isPixelArt = small && Math.max(picture.width, picture.height) < pixelArtBelow;
  const whole = Math.abs(zoom - Math.round(zoom)) < 1e-6;
  // On a device pixel, or a picture at whole multiples would still have uneven ones.
  const snap = (length: number): number => Math.round(length * pixelRatio) / pixelRatio;
  return {
    left: snap(room.width / 2 - view.centre.x * unitWidth - region.left * width),
    top: snap(room.height / 2 - view.centre.y * view.unit - region.top * height),
    width,
    height,
    scale,
    zoom,
    crisp: zoom > (small ? smallPixelExactPast : pixelExactPast) || (isPixelArt && whole && zoom >= 1),
  };
}
