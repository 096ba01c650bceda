/** What a picture may be, checked before it is decoded. */
export interface ImageLimits {
  /** Size of the file in bytes. */
  readonly maxBytes: number;
  /** Width × height of the (first) frame. */
  readonly maxPixels: number;
  /** Its shorter side in pixels; a pack may need more than 1. */
  readonly minSide: number;
}

/** Larger than any camera makes, small enough that one decode (3 bytes a pixel) does not hurt: 256 MiB and 150 megapixels. */
export const defaultImageLimits: ImageLimits = { maxBytes: 256 * 1024 * 1024, maxPixels: 150_000_000, minSide: 1 };
