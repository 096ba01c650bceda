import { wholePicture } from '../text/seen-region.ts';
import type { Region } from '../text/seen-region.ts';

/** A picture as the canvas shows it. */
export interface CanvasPicture {
  /** "Original", "Reconstruction", or "A" and "B" while two results are compared. */
  readonly name: string;
  /** Null while nothing has been drawn. */
  readonly src: string | null;
  /** What it shows, for people who do not see it. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  /** The part that all pictures on the canvas have in common. */
  readonly region: Region;
}

/** Width ÷ height of the common part. */
export function aspectOf({ width, height, region }: CanvasPicture): number {
  return (width * region.width) / (height * region.height);
}

/** The picture without what lies outside its common part. */
export function commonPart(picture: CanvasPicture): CanvasPicture {
  const { width, height, region } = picture;
  return { ...picture, width: width * region.width, height: height * region.height, region: wholePicture };
}
