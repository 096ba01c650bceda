import type { ImageInput, ScorerRole } from '../../../contract/models/pack.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * Wang et al. 2004, with the constants (0.01 · range)² and (0.03 · range)², over square windows of one weight. The numbers are those of
 * models/training/fidelity.py; both tests pin them.
 */
const windowSide = 8;
const stride = 4;
const luminanceConstant = 1e-4;
const contrastConstant = 9e-4;
const gradientFloor = 1e-3;
/** A bent outline costs structure alone, so structure counts for more than a square root would give it. */
const structurePower = 0.6;

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
  const raw = clamped * Math.max(0, compareStructure(found, wanted)) ** structurePower * compareSharpness(found, wanted);
  return readCurve(fidelity.curve, raw);
}

/** Mean structural similarity, −1..1, over channels and windows. */
export function compareStructure(found: Planes, wanted: Planes): number {
  const windows = windowStarts(found).map((start) => compareWindow(found, wanted, start));
  return windows.reduce((total, value) => total + value, 0) / windows.length;
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

/**
 * Share of the original's gradient that the picture has in the same windows, 1 at most in each: window by window, so that an edge too many in
 * one place does not pay for a soft one in another.
 */
export function compareSharpness(found: Planes, wanted: Planes): number {
  const [gradientFound, gradientWanted] = [toGradient(found), toGradient(wanted)];
  let [shares, weights] = [0, 0];
  for (const start of windowStarts(found)) {
    const weight = windowMean(gradientWanted, start) + gradientFloor;
    shares += Math.min(weight, windowMean(gradientFound, start) + gradientFloor);
    weights += weight;
  }
  return shares / weights;
}

/** Where in the data each window begins, plane by plane. */
function windowStarts({ width, height }: Planes): number[] {
  const starts: number[] = [];
  for (let plane = 0; plane < 3; plane += 1) {
    for (let top = 0; top + windowSide <= height; top += stride) {
      for (let left = 0; left + windowSide <= width; left += stride) starts.push((plane * height + top) * width + left);
    }
  }
  return starts;
}

function windowMean({ width, data }: Planes, start: number): number {
  let total = 0;
  for (let row = 0; row < windowSide; row += 1) {
    for (let column = 0; column < windowSide; column += 1) total += data[start + row * width + column] ?? 0;
  }
  return total / (windowSide * windowSide);
}

/** Length of central differences; the outermost pixels have none across the border. */
function toGradient({ width, height, data }: Planes): Planes {
  const lengths = data.map((_, at) => {
    const column = at % width;
    const row = Math.floor(at / width) % height;
    const across = column === 0 || column === width - 1 ? 0 : (data[at + 1] ?? 0) - (data[at - 1] ?? 0);
    const down = row === 0 || row === height - 1 ? 0 : (data[at + width] ?? 0) - (data[at - width] ?? 0);
    return Math.hypot(across, down);
  });
  return { width, height, data: lengths };
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
