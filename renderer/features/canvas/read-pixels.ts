import type { CanvasPicture } from '../../state/canvas/canvas-picture.ts';

/** The common part of a picture at `width` × `height`. @returns RGBA bytes in sRGB; null when the browser gives no canvas */
export async function readPixels(picture: CanvasPicture, width: number, height: number): Promise<Uint8ClampedArray | null> {
  if (picture.src === null) return null;
  const image = new Image();
  image.src = picture.src;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  const { region } = picture;
  const { naturalWidth: w, naturalHeight: h } = image;
  context.drawImage(image, region.left * w, region.top * h, region.width * w, region.height * h, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
