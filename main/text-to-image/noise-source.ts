import { TorchGenerator } from '../tensor/seeded-noise.ts';

/** One generator a picture, drawn from in picture order, so that a picture's noise does not depend on its neighbours. */
export interface NoiseSource {
  /** Standard normal numbers for all pictures, one after another. The array is used again by the next draw. */
  drawAll(): Float32Array;
  /** For one picture alone. */
  draw(picture: number): Float32Array;
}

export function createNoiseSource(seeds: readonly number[], lengthEach: number): NoiseSource {
  const generators = seeds.map((seed) => new TorchGenerator(seed));
  const all = new Float32Array(seeds.length * lengthEach);
  return {
    drawAll() {
      for (const [index, generator] of generators.entries()) all.set(generator.randn(lengthEach), index * lengthEach);
      return all;
    },
    draw(picture) {
      const generator = generators[picture];
      if (!generator) throw new Error(`no picture ${picture}`);
      return generator.randn(lengthEach);
    },
  };
}
