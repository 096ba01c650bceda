import { describe, expect, it } from 'vitest';
import { cosineSimilarity } from '../../../main/tensor/cosine-similarity.ts';

describe('cosineSimilarity', () => {
  it('does not depend on length', () => {
    expect(cosineSimilarity(Float32Array.of(1, 2, 3), Float32Array.of(2, 4, 6))).toBeCloseTo(1, 12);
    expect(cosineSimilarity(Float32Array.of(1, 0), Float32Array.of(0, 5))).toBe(0);
    expect(cosineSimilarity(Float32Array.of(1, 0), Float32Array.of(1, 1))).toBeCloseTo(Math.SQRT1_2, 7);
    expect(cosineSimilarity(Float32Array.of(1, -2), Float32Array.of(-1, 2))).toBeCloseTo(-1, 12);
  });

  it('is 0 for a vector without direction and throws for unequal lengths', () => {
    expect(cosineSimilarity(Float32Array.of(0, 0), Float32Array.of(1, 1))).toBe(0);
    expect(() => cosineSimilarity(Float32Array.of(1), Float32Array.of(1, 1))).toThrow('1 and 2');
  });
});
