import { describe, expect, it } from 'vitest';
import { frechetDistance } from '../../../main/likeness/frechet-distance.ts';
import { randomSource } from '../../helpers/random-source.ts';

const rows = (...vectors: readonly (readonly number[])[]): Float32Array[] => vectors.map((one) => Float32Array.from(one));

describe('the Fréchet distance', () => {
  it('is nothing between a set and itself, whatever its order, with more vectors than numbers and with fewer', async () => {
    const random = randomSource(7);
    for (const count of [3, 40]) {
      const set = Array.from({ length: count }, () => Float32Array.from({ length: 8 }, () => random() - 0.5));
      expect(await frechetDistance(set, [...set].reverse())).toBeCloseTo(0, 9);
    }
  });

  it('of one number is that of two normal distributions: (μ₁ − μ₂)² + (σ₁ − σ₂)²', async () => {
    // μ 1 and σ √2, μ 6 and σ √8: 25 + (√8 − √2)² = 27.
    expect(await frechetDistance(rows([0], [2]), rows([4], [8]))).toBeCloseTo(27, 9);
  });

  it('of numbers that vary apart is the sum of theirs', async () => {
    const square = (x: number, y: number) => rows([x, y], [x, -y], [-x, y], [-x, -y]);
    // Each varies by 4/3 of its square: 4/3 · ((2 − 1)² + (5 − 3)²).
    expect(await frechetDistance(square(1, 3), square(2, 5))).toBeCloseTo((4 / 3) * 5, 6);
  });

  it('of numbers that vary together takes the root of both covariances', async () => {
    // C₁ = [[2, 2], [2, 2]] along (1, 1), C₂ = [[2, −2], [−2, 2]] across it: nothing is shared, so all of both traces is left.
    expect(await frechetDistance(rows([1, 1], [-1, -1]), rows([1, -1], [-1, 1]))).toBeCloseTo(8, 9);
    // C₂ = [[4, 0], [0, 0]]: C₁C₂ has the eigenvalues 8 and 0.
    const along = Math.SQRT2;
    expect(await frechetDistance(rows([1, 1], [-1, -1]), rows([along, 0], [-along, 0]))).toBeCloseTo(4 + 4 - 2 * Math.sqrt(8), 6);
  });

  it('is what NumPy finds by the eigenvalues of C₁C₂', async () => {
    // NumPy 2.4.6: np.cov of both, np.linalg.eigvals(C1 @ C2), |μ|² + tr C1 + tr C2 − 2 Σ √λ.
    const first = rows([1, 0, 2], [0, 1, 1], [2, 2, 0], [1, 3, 1], [0, 0, 4]);
    const second = rows([1, 1, 1], [3, 0, 2], [2, 4, 0], [0, 1, 5]);
    expect(await frechetDistance(first, second)).toBeCloseTo(1.7763727789505417, 9);
    expect(await frechetDistance(second, first)).toBeCloseTo(1.7763727789505417, 9);
  });

  it.each([
    [300, 250, 120, 10.402453116732019],
    [60, 90, 120, 54.913090547460115],
    [200, 40, 20, 1.2228180770956527],
  ])(
    'is what NumPy finds by the singular values of X₁X₂ᵀ: %i and %i vectors of %i numbers',
    async (many, others, width, wanted) => {
      // NumPy 2.4.6: |μ|² + |X₁|² + |X₂|² − 2 Σ np.linalg.svd(X1 @ X2.T), X centred over √(n − 1).
      const wave = (count: number, speed: number): Float32Array[] =>
        Array.from({ length: count }, (_, at) => {
          const turn = (at + 1) * (at + 1) * 0.37;
          return Float32Array.from({ length: width }, (_, place) => Math.sin(speed * (at + 1) * (place + 1) + turn));
        });
      expect(await frechetDistance(wave(many, 0.71), wave(others, 0.53))).toBeCloseTo(wanted, 9);
    },
  );
});
