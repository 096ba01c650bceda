import type { ImageInput, ScorerRole } from '../../contract/pack.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Wang et al. 2004, with the constants (0.01 · range)² and (0.03 · range)², over square windows of one weight. The numbers are those of
 * models/training/fidelity.py; both tests pin them.
 */
const windowSide = 8;
const stride = 4;
const luminanceConstant = 1e-4;
const contrastConstant = 9e-4;
const gradientFloor = 1e-3;

/** One picture in values 0..1: three planes of height · width. */
interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Fidelity 0..1 of a picture to its original, both preprocessed for the scorer, float32 [1, 3, H, W], with the cosine of their vectors. A pack
 * without a scale of its own has the cosine clamped; else structure and sharpness count too, because a scorer hardly minds a blur or a bent
 * outline.
 */
export function rateFidelity(
  similarity: number,
  picture: Tensor<'float32'>,
  original: Tensor<'float32'>,
  { image, fidelity }: Pick<ScorerRole, 'image' | 'fidelity'>,
): number {
  const clamped = Math.min(1, Math.max(0, similarity));
  if (fidelity === undefined) return clamped;
  const found = toPlanes(picture, image);
  const wanted = toPlanes(original, image);
  const raw = clamped * Math.sqrt(Math.max(0, compareStructure(found, wanted))) * compareSharpness(found, wanted);
  return readCurve(fidelity.curve, raw);
}

/** Mean structural similarity, −1..1, over channels and windows. */
export function compareStructure(found: Planes, wanted: Planes): number {
  const { width, height } = found;
  let total = 0;
  let windows = 0;
  for (let channel = 0; channel < 3; channel += 1) {
    for (let top = 0; top + windowSide <= height; top += stride) {
      for (let left = 0; left + windowSide <= width; left += stride) {
        total += compareWindow(found, wanted, channel * width * height + top * width + left);
        windows += 1;
      }
    }
  }
  return total / windows;
}

function compareWindow(found: Planes, wanted: Planes, start: number): number {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < windowSide; row += 1) {
    for (let column = 0; column < windowSide; column += 1) {
      const at = start + row * found.width + column;
      const x = found.data[at] ?? 0;
      const y = wanted.data[at] ?? 0;
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
  }
  const count = windowSide * windowSide;
  const [meanA, meanB] = [a / count, b / count];
  const light = (2 * meanA * meanB + luminanceConstant) / (meanA ** 2 + meanB ** 2 + luminanceConstant);
  const together = ab / count - meanA * meanB;
  const spread = aa / count - meanA ** 2 + bb / count - meanB ** 2;
  return (light * (2 * together + contrastConstant)) / (spread + contrastConstant);
}

/** Share of the original's mean gradient that the picture has, 1 at most: nothing is better for being harsher. */
export function compareSharpness(found: Planes, wanted: Planes): number {
  return Math.min(1, (meanGradient(found) + gradientFloor) / (meanGradient(wanted) + gradientFloor));
}

/** Mean length of central differences; the outermost pixels have none across the border. */
function meanGradient({ width, height, data }: Planes): number {
  let total = 0;
  for (let at = 0; at < data.length; at += 1) {
    const column = at % width;
    const row = Math.floor(at / width) % height;
    const across = column === 0 || column === width - 1 ? 0 : (data[at + 1] ?? 0) - (data[at - 1] ?? 0);
    const down = row === 0 || row === height - 1 ? 0 : (data[at + width] ?? 0) - (data[at - width] ?? 0);
    total += Math.hypot(across, down);
  }
  return total / data.length;
}

function toPlanes({ shape, data }: Tensor<'float32'>, { mean, std }: ImageInput): Planes {
  const [, , height = 0, width = 0] = shape;
  const area = width * height;
  return {
    width,
    height,
    data: data.map((value, at) => value * (std[Math.floor(at / area)] ?? 1) + (mean[Math.floor(at / area)] ?? 0)),
  };
}

/** Straight between the points, level beyond them. */
function readCurve(points: readonly (readonly [number, number])[], raw: number): number {
  const next = points.findIndex(([at]) => at >= raw);
  const [high, above] = points[next] ?? points.at(-1) ?? [1, 1];
  const [low, below] = points[next - 1] ?? [high, above];
  return high === low ? above : below + ((raw - low) / (high - low)) * (above - below);
}
