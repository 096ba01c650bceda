/** Latents [rows, channels, height, width] and patches of two by two in a row, [rows, height/2 · width/2, channels · 4] (diffusers, `_pack_latents`). */
type LatentShape = readonly [number, number, number, number];

export function patchesShape([rows, channels, height, width]: LatentShape): readonly [number, number, number] {
  return [rows, (height / 2) * (width / 2), channels * 4];
}

export function packPatches(latents: Float32Array, shape: LatentShape, into: Float32Array): void {
  eachNumber(shape, (inPicture, inPatches) => {
    into[inPatches] = latents[inPicture] ?? 0;
  });
}

export function unpackPatches(patches: Float32Array, shape: LatentShape, into: Float32Array): void {
  eachNumber(shape, (inPicture, inPatches) => {
    into[inPicture] = patches[inPatches] ?? 0;
  });
}

function eachNumber([rows, channels, height, width]: LatentShape, visit: (inPicture: number, inPatches: number) => void): void {
  const columns = width / 2;
  let inPicture = 0;
  for (let row = 0; row < rows; row += 1) {
    const before = row * height * width * channels;
    for (let channel = 0; channel < channels; channel += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          const patch = (y >> 1) * columns + (x >> 1);
          visit(inPicture, before + patch * channels * 4 + channel * 4 + (y & 1) * 2 + (x & 1));
          inPicture += 1;
        }
      }
    }
  }
}
