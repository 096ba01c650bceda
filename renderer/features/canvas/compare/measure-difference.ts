/** How far two pictures of one size are apart, pixel by pixel. */
export interface DifferenceMap {
  readonly width: number;
  readonly height: number;
  /** Per pixel, row-major: the mean over the three channels of |a − b| in sRGB, 0..255, rounded. */
  readonly values: Uint8Array;
  /** Mean over all pixels, 0..255, not rounded. */
  readonly mean: number;
}

/**
 * Mean absolute difference in sRGB: what the eye sees as distance only roughly, but in the units a colour picker shows.
 * @param a RGBA bytes of width × height pixels; alpha is not compared
 * @param b as `a`
 */
export function measureDifference(a: Uint8ClampedArray, b: Uint8ClampedArray, width: number, height: number): DifferenceMap {
  const pixels = width * height;
  if (a.length !== pixels * 4 || b.length !== pixels * 4) throw new RangeError('Two pictures of one size are compared.');
  const values = new Uint8Array(pixels);
  let sum = 0;
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 1, at += 4) {
    const total =
      Math.abs((a[at] ?? 0) - (b[at] ?? 0)) +
      Math.abs((a[at + 1] ?? 0) - (b[at + 1] ?? 0)) +
      Math.abs((a[at + 2] ?? 0) - (b[at + 2] ?? 0));
    values[pixel] = Math.round(total / 3);
    sum += total;
  }
  return { width, height, values, mean: sum / 3 / pixels };
}
