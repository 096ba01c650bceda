import { differencePalette } from './difference-ramp.ts';
import type { DifferenceMap } from './measure-difference.ts';

const palette = differencePalette();

/** The differences as heat. @returns RGBA bytes, opaque */
export function paintHeat({ values }: DifferenceMap): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (let pixel = 0, at = 0; pixel < values.length; pixel += 1, at += 4) {
    const from = (values[pixel] ?? 0) * 3;
    pixels[at] = palette[from] ?? 0;
    pixels[at + 1] = palette[from + 1] ?? 0;
    pixels[at + 2] = palette[from + 2] ?? 0;
    pixels[at + 3] = 255;
  }
  return pixels;
}

/** |a − b| of each channel, as the Difference blend of other tools shows it: black where the pictures agree. @returns RGBA bytes, opaque */
export function paintBlend(a: Uint8ClampedArray, b: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(a.length);
  for (let at = 0; at < a.length; at += 1) pixels[at] = at % 4 === 3 ? 255 : Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return pixels;
}
