import type { Tensor } from '../tensor/tensor.ts';

/** What a text tells a denoiser, by the input it goes into: float32 [1, …], or [pictures, …] where every picture has a text of its own. */
export type Conditioning = Readonly<Record<string, Tensor<'float32'>>>;

/** True where two texts can stand in one run: all that is said of one is as large as of the other. */
export function canShareRun(first: Conditioning, second: Conditioning): boolean {
  return Object.entries(first).every(([input, { data }]) => second[input]?.data.length === data.length);
}

/**
 * Texts of pictures that are drawn together, each its negative and positive or its positive alone: all negatives as one
 * [pictures, …] an input, then all positives. All must share a run.
 */
export function stackTexts(texts: readonly (readonly Conditioning[])[]): Conditioning[] {
  const [first = []] = texts;
  return first.map((_, part) => {
    const own = texts.map((text) => text[part] ?? {});
    return joinRows(own, () => 1);
  });
}

/** Every text once a picture: all negatives, then all positives, [texts · pictures, …] an input. */
export function repeatRows(texts: readonly Conditioning[], pictures: number): Conditioning {
  return joinRows(texts, (rows) => (rows === pictures ? 1 : pictures));
}

/** One after another along the first axis, each as often as `timesOf` its rows says. */
function joinRows(parts: readonly Conditioning[], timesOf: (rows: number) => number): Conditioning {
  const inputs = Object.keys(parts[0] ?? {});
  return Object.fromEntries(inputs.map((input) => [input, joinInput(input, parts, timesOf)]));
}

function joinInput(input: string, parts: readonly Conditioning[], timesOf: (rows: number) => number): Tensor<'float32'> {
  const [, ...rest] = parts[0]?.[input]?.shape ?? [];
  const each = rest.reduce((product, size) => product * size, 1);
  const repeated = parts.flatMap((part) => {
    const tensor = part[input];
    const rows = tensor?.shape[0] ?? 0;
    if (tensor?.data.length !== rows * each) throw new Error(`texts of several lengths in one run: ${input}`);
    return Array.from({ length: timesOf(rows) }, () => tensor.data);
  });
  const data = new Float32Array(repeated.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const rows of repeated) {
    data.set(rows, start);
    start += rows.length;
  }
  return { dtype: 'float32', shape: [data.length / each, ...rest], data };
}
