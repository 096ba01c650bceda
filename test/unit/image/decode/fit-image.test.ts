import { describe, expect, test } from 'vitest';
import { fitImage } from '../../../../main/image/decode/fit-image.ts';
import type { Pixels } from '../../../../main/image/pixels.ts';

function fill(width: number, height: number, colourAt: (x: number, y: number) => [number, number, number]): Pixels {
  const colours = Array.from({ length: width * height }, (_, index) => colourAt(index % width, Math.floor(index / width)));
  return { width, height, channels: 3, data: Uint8Array.from(colours.flat()) };
}

describe('fitImage', () => {
  const bands = fill(120, 40, (x) => (x < 40 ? [255, 0, 0] : x < 80 ? [0, 255, 0] : [0, 0, 255]));

  test('crop keeps the middle third of a picture three times as wide as high', async () => {
    const square = await fitImage(bands, { width: 16, height: 16, resample: 'bilinear', fit: 'crop' });
    expect([square.width, square.height]).toEqual([16, 16]);
    const greens = [...square.data].filter((_, index) => index % 3 === 1);
    expect(Math.min(...greens.filter((_, index) => index % 16 > 0 && index % 16 < 15))).toBeGreaterThan(250);
  });

  test('stretch keeps all of it', async () => {
    const square = await fitImage(bands, { width: 15, height: 15, resample: 'bilinear', fit: 'stretch' });
    expect([...square.data.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect([...square.data.subarray(42, 45)]).toEqual([0, 0, 255]);
  });

  test('a line of extreme length is cut before it is enlarged', async () => {
    const line = fill(20_000, 1, (x) => (Math.abs(x - 10_000) < 40 ? [0, 200, 0] : [200, 0, 0]));
    const square = await fitImage(line, { width: 64, height: 64, resample: 'bicubic', fit: 'crop' });
    expect([square.width, square.height, square.data[1]]).toEqual([64, 64, 200]);
  });

  test('the size it has already is left alone', async () => {
    const noise = fill(8, 8, (x, y) => [(x * 37 + y * 91) % 256, (x * y * 53) % 256, 7]);
    expect(Buffer.from((await fitImage(noise, { width: 8, height: 8, resample: 'lanczos', fit: 'crop' })).data)).toEqual(
      Buffer.from(noise.data),
    );
  });
});
