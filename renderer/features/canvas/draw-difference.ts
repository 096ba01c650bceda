import type { Region } from '../../state/seen-region.ts';

/** Black → violet → orange → white: even steps of lightness, readable without seeing hue. */
const stops: readonly (readonly [number, number, number])[] = [
  [8, 8, 12],
  [66, 18, 96],
  [178, 52, 82],
  [240, 140, 40],
  [255, 250, 210],
];

function colourAt(share: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = stops[Math.floor(place)] ?? [0, 0, 0];
  const high = stops[Math.ceil(place)] ?? low;
  const part = place - Math.floor(place);
  return [low[0] + (high[0] - low[0]) * part, low[1] + (high[1] - low[1]) * part, low[2] + (high[2] - low[2]) * part];
}

function pixelsOf(image: HTMLImageElement, region: Region, width: number, height: number): Uint8ClampedArray | null {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  const { naturalWidth: w, naturalHeight: h } = image;
  context.drawImage(image, region.left * w, region.top * h, region.width * w, region.height * h, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/**
 * Draws the mean absolute difference of the three channels, 0..255, as heat on `canvas` at the reconstruction's size.
 * The scale ends at `fullScale`.
 * @returns the mean difference over all pixels, 0..255; null when a picture could not be read
 */
export function drawDifference(
  canvas: HTMLCanvasElement,
  original: HTMLImageElement,
  region: Region,
  reconstruction: HTMLImageElement,
  fullScale: number,
): number | null {
  const { naturalWidth: width, naturalHeight: height } = reconstruction;
  const a = pixelsOf(original, region, width, height);
  const b = pixelsOf(reconstruction, { left: 0, top: 0, width: 1, height: 1 }, width, height);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (a === null || b === null || context === null) return null;
  const picture = context.createImageData(width, height);
  let sum = 0;
  for (let at = 0; at < a.length; at += 4) {
    const channel = (offset: number): number => Math.abs((a[at + offset] ?? 0) - (b[at + offset] ?? 0));
    const difference = (channel(0) + channel(1) + channel(2)) / 3;
    sum += difference;
    picture.data.set(colourAt(difference / fullScale), at);
    picture.data[at + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return sum / (width * height);
}
