/** Black → violet → orange → white: even steps of lightness, readable without seeing hue. */
export const differenceStops: readonly (readonly [number, number, number])[] = [
  [8, 8, 12],
  [66, 18, 96],
  [178, 52, 82],
  [240, 140, 40],
  [255, 250, 210],
];

/** Where the ramp ends: a difference of half the range is as large as pictures of one thing get. */
export const differenceFullScale = 128;

/** The colour of every difference 0..255, RGB bytes one after the other. */
export function differencePalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let value = 0; value < 256; value += 1) {
    const place = Math.min(1, value / differenceFullScale) * (differenceStops.length - 1);
    const low = differenceStops[Math.floor(place)] ?? [0, 0, 0];
    const high = differenceStops[Math.ceil(place)] ?? low;
    const part = place - Math.floor(place);
    palette.set(
      low.map((channel, index) => Math.round(channel + ((high[index] ?? channel) - channel) * part)),
      value * 3,
    );
  }
  return palette;
}
