import type { ImageInput } from '../../contract/models/pack.ts';
import type { Pixels } from './pixels.ts';

type Resample = ImageInput['resample'];

/** A filter's value at a distance in source pixels (of the larger grid when shrinking), and how far it reaches. */
interface Filter {
  readonly reach: number;
  at(distance: number): number;
}

/** For every output index, the first source index and the fixed-point weights from there on. */
interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

const precisionBits = 22;

/**
 * Resamples as Pillow does: antialiased, two passes (rows, then columns) with 8 bits between, 22-bit fixed-point
 * weights, weights outside the picture left out. Source: Pillow `src/libImaging/Resample.c`; equal bit for bit
 * (test/golden/resize.test.ts) except where Pillow 13 takes columns first, for tall pictures that shrink.
 * The studio enlarges with this, because libvips' enlargement is shifted by half a source pixel.
 */
export function resamplePixels(pixels: Pixels, width: number, height: number, resample: Resample): Pixels {
  const columns = recallTaps(pixels.width, width, resample);
  const wide = resampleRows(pixels.data, pixels.width, pixels.height, columns, width);
  const rows = recallTaps(pixels.height, height, resample);
  return { width, height, channels: 3, data: resampleColumns(wide, width, rows, height) };
}

const filters: Readonly<Record<Resample, Filter>> = {
  bilinear: { reach: 1, at: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  bicubic: { reach: 2, at: cubic },
  lanczos: { reach: 3, at: (distance) => (Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0) },
};

/** Keys' cubic with a = −0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** A folder's pictures are mostly of one size, and working the weights out takes as long as a third of the resampling. */
const knownTaps = new Map<string, Taps>();
const mostKnownTaps = 32;

function recallTaps(inSize: number, outSize: number, resample: Resample): Taps {
  const key = `${inSize} ${outSize} ${resample}`;
  const known = knownTaps.get(key);
  if (known) return known;
  const taps = readTaps(inSize, outSize, filters[resample]);
  if (knownTaps.size >= mostKnownTaps) knownTaps.clear();
  knownTaps.set(key, taps);
  return taps;
}

function readTaps(inSize: number, outSize: number, filter: Filter): Taps {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const reach = filter.reach * filterScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const taps = {
    start: new Int32Array(outSize),
    count: new Int32Array(outSize),
    weights: new Int32Array(outSize * stride),
    stride,
  };
  for (let index = 0; index < outSize; index++) {
    const centre = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(inSize, Math.trunc(centre + reach + 0.5)) - start;
    const values = Float64Array.from({ length: count }, (_, tap) => filter.at((tap + start - centre + 0.5) / filterScale));
    const total = values.reduce((sum, value) => sum + value, 0);
    taps.start[index] = start;
    taps.count[index] = count;
    values.forEach((value, tap) => {
      const fixed = (value / total) * (1 << precisionBits);
      taps.weights[index * stride + tap] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    });
  }
  return taps;
}

/** Weights sum to 2^22 and values are below 2^8, so that 32-bit integers hold every sum, overshoot included. */
const half = 1 << (precisionBits - 1);

/*
 * Both passes are written out: one function for an output pixel, with the step between its taps as an argument, takes half as long
 * again, and a folder's pictures are resampled on the cores that read them.
 */

function resampleRows(data: Uint8Array, width: number, height: number, taps: Taps, outWidth: number): Uint8Array {
  const { start, count, weights, stride } = taps;
  const out = new Uint8ClampedArray(outWidth * height * 3);
  let target = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const first = x * stride;
      const end = first + (count[x] ?? 0);
      let place = (y * width + (start[x] ?? 0)) * 3;
      let red = half;
      let green = half;
      let blue = half;
      for (let tap = first; tap < end; tap++, place += 3) {
        const weight = weights[tap] ?? 0;
        red = (red + Math.imul(weight, data[place] ?? 0)) | 0;
        green = (green + Math.imul(weight, data[place + 1] ?? 0)) | 0;
        blue = (blue + Math.imul(weight, data[place + 2] ?? 0)) | 0;
      }
      out[target++] = red >> precisionBits;
      out[target++] = green >> precisionBits;
      out[target++] = blue >> precisionBits;
    }
  }
  return asBytes(out);
}

/** A source row at a time, so that memory is read in its order. */
function resampleColumns(data: Uint8Array, width: number, taps: Taps, outHeight: number): Uint8Array {
  const { start, count, weights, stride } = taps;
  const row = width * 3;
  const out = new Uint8ClampedArray(row * outHeight);
  const sums = new Int32Array(row);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(half);
    for (let tap = 0; tap < (count[y] ?? 0); tap++) {
      const weight = weights[y * stride + tap] ?? 0;
      const place = ((start[y] ?? 0) + tap) * row;
      for (let index = 0; index < row; index++) sums[index] = (sums[index] ?? 0) + Math.imul(weight, data[place + index] ?? 0);
    }
    for (let index = 0; index < row; index++) out[y * row + index] = (sums[index] ?? 0) >> precisionBits;
  }
  return asBytes(out);
}

function asBytes({ buffer }: Uint8ClampedArray<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}
