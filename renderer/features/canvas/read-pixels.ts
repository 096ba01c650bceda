import type { Exhibit } from '../../state/canvas/exhibit.ts';

/** The common part of a picture at `width` × `height`. @returns RGBA bytes in sRGB; null when the browser gives no canvas */
export async function readPixels(exhibit: Exhibit, width: number, height: number): Promise<Uint8ClampedArray | null> {
  if (exhibit.src === null) return null;
  const image = new Image();
  image.src = exhibit.src;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  const { region } = exhibit;
  const { naturalWidth: w, naturalHeight: h } = image;
  context.drawImage(image, region.left * w, region.top * h, region.width * w, region.height * h, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
