interface ShownMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Colours of what is drawn anew: a red that pictures seldom have, and stripes of it, so that it is seen on any picture. */
const [stripe, between] = [
  [255, 40, 90, 165],
  [255, 40, 90, 105],
] as const;

/** A mask over its picture, which stays recognisable under it. One pixel of the canvas is one of the mask. */
export function drawMask(canvas: HTMLCanvasElement, { width, height, data }: ShownMask): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  canvas.width = width;
  canvas.height = height;
  const picture = context.createImageData(width, height);
  // A stripe in four is as wide on a small picture as on a large one.
  const wide = Math.max(1, Math.round(Math.max(width, height) / 96));
  for (let pixel = 0; pixel < data.length; pixel += 1) {
    if (data[pixel] !== 1) continue;
    const along = Math.floor(((pixel % width) + Math.floor(pixel / width)) / wide);
    picture.data.set(along % 4 === 0 ? stripe : between, pixel * 4);
  }
  context.putImageData(picture, 0, 0);
}
