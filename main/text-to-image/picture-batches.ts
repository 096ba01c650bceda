/** Pixels denoised together: one 512 × 512 picture, or eight of 64 × 64, so that memory and the wait for a cancel stay small. */
const pixelsARun = 512 * 512;
const picturesARun = 8;

/**
 * Seeds of the pictures drawn together. Without guidance a picture is one row of a run, and ONNX Runtime multiplies a single row by another
 * routine than several, which moves last bits; so that a picture of many equals the one drawn alone, those go one by one.
 */
export function pictureBatches(
  seed: number,
  count: number,
  size: { width: number; height: number },
  isGuided: boolean,
): number[][] {
  const each = picturesAtOnce(size, isGuided);
  const seeds = Array.from({ length: count }, (_, index) => seed + index);
  return Array.from({ length: Math.ceil(count / each) }, (_, index) => seeds.slice(index * each, (index + 1) * each));
}

/** How many pictures are drawn together. */
export function picturesAtOnce(size: { width: number; height: number }, isGuided: boolean): number {
  const fitting = Math.floor(pixelsARun / (size.width * size.height));
  return isGuided ? Math.max(1, Math.min(picturesARun, fitting)) : 1;
}
