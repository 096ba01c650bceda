/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of about the model's native area that comes nearest to an aspect.
 * @param aspect two whole numbers with a colon, such as 16:9
 * @param nativeSide side of the square the model was trained on, pixels: 512 for SD 1.x, 1024 for SDXL
 * @param multipleOf what both sides must be divisible by
 * @returns sides within 64..2048, so that an extreme aspect still gives a size the tools take
 */
export function sizeForAspect(aspect: string, nativeSide: number, multipleOf: number): PixelSize {
  const [across = 1, down = 1] = aspect.split(':').map(Number);
  const side = (ratio: number): number => {
    const rounded = Math.round((nativeSide * Math.sqrt(ratio)) / multipleOf) * multipleOf;
    return Math.min(2048, Math.max(64, rounded));
  };
  return { width: side(across / down), height: side(down / across) };
}
