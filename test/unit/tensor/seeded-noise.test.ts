import { describe, expect, it } from 'vitest';
import { TorchGenerator } from '../../../main/tensor/seeded-noise.ts';

describe('TorchGenerator', () => {
  it('keeps the second normal of a scalar draw across a long draw, as PyTorch does', () => {
    const generator = new TorchGenerator(7);
    expect([...generator.randn(3)].map((value) => value.toFixed(6))).toEqual(['-0.146795', '0.786141', '0.946822']);
    expect(generator.randn(17)[0]).toBeCloseTo(-0.176438, 6);
    expect([...generator.randn(2)].map((value) => value.toFixed(6))).toEqual(['-1.114344', '1.084188']);
  });

  it('uses the low 32 bits of a seed, negative ones too', () => {
    const seed = 1234567890123;
    expect(new TorchGenerator(seed).randn(20)).toEqual(new TorchGenerator(seed % 2 ** 32).randn(20));
    expect(new TorchGenerator(-1).randn(20)).toEqual(new TorchGenerator(0xffffffffn).randn(20));
    expect(new TorchGenerator(1).randn(20)).not.toEqual(new TorchGenerator(2).randn(20));
  });

  it('draws nothing for a length of 0', () => {
    const generator = new TorchGenerator(3);
    expect(generator.randn(0)).toHaveLength(0);
    expect(generator.randn(16)).toEqual(new TorchGenerator(3).randn(16));
  });
});
