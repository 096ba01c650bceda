export interface FittedSize {
  readonly width: number;
  readonly height: number;
  /** CSS pixels per picture pixel. */
  readonly scale: number;
  /** Whole multiples, drawn without smoothing. */
  readonly crisp: boolean;
}

/** Pictures up to this side are small-world pictures: shown at whole multiples, so that every pixel is the same size. */
const smallSide = 256;

/** The largest size of a picture in a box: whole multiples for small pictures, never blurred up for large ones. */
export function fitPicture(width: number, height: number, boxWidth: number, boxHeight: number): FittedSize {
  const most = Math.max(0.01, Math.min(boxWidth / width, boxHeight / height));
  const small = Math.max(width, height) <= smallSide;
  const scale = small && most >= 1 ? Math.floor(most) : Math.min(most, 1);
  return { width: Math.round(width * scale), height: Math.round(height * scale), scale, crisp: small && scale >= 1 };
}
