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

/**
 * The size of an original beside its reconstruction: the part the encoder saw comes out as large as the reconstruction,
 * so that both show the same things at the same size, as far as the box allows. Small pictures keep whole multiples.
 */
export function fitBeside(
  original: { readonly width: number; readonly height: number },
  region: { readonly width: number; readonly height: number },
  reconstruction: FittedSize,
  boxWidth: number,
  boxHeight: number,
): FittedSize {
  if (Math.max(original.width, original.height) <= smallSide)
    return fitPicture(original.width, original.height, boxWidth, boxHeight);
  const alike = reconstruction.height / (original.height * region.height);
  const scale = Math.min(alike, boxWidth / original.width, boxHeight / original.height);
  return { width: Math.round(original.width * scale), height: Math.round(original.height * scale), scale, crisp: false };
}

/** The largest size of a picture in a box: whole multiples for small pictures, never blurred up for large ones. */
export function fitPicture(width: number, height: number, boxWidth: number, boxHeight: number): FittedSize {
  const most = Math.max(0.01, Math.min(boxWidth / width, boxHeight / height));
  const small = Math.max(width, height) <= smallSide;
  const scale = small && most >= 1 ? Math.floor(most) : Math.min(most, 1);
  return { width: Math.round(width * scale), height: Math.round(height * scale), scale, crisp: small && scale >= 1 };
}
