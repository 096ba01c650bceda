import type { Conditioning } from './conditioning.ts';

/**
 * Tells a denoiser something between two texts: every number lies on the line from the one's to the other's. Both must be equally long, as the
 * texts of one group of `encodeTexts` are.
 *
 * @param share of the second, 0..1
 */
export function mixConditioning(first: Conditioning, second: Conditioning, share: number): Conditioning {
  return Object.fromEntries(
    Object.entries(first).map(([input, { shape, data }]) => {
      const other = second[input]?.data;
      if (other?.length !== data.length) throw new Error(`texts of several lengths are mixed: ${input}`);
      const mixed = Float32Array.from(data, (number, at) => number * (1 - share) + (other[at] ?? 0) * share);
      return [input, { dtype: 'float32', shape, data: mixed }];
    }),
  );
}
