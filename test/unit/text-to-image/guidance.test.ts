import { describe, expect, it } from 'vitest';
import { embedGuidance, guide } from '../../../main/text-to-image/guidance.ts';

describe('guide', () => {
  it('goes from the output without the prompt through the one with it', () => {
    expect([...guide(Float32Array.of(1, 2, 3, 6), 3)]).toEqual([7, 14]);
    expect([...guide(Float32Array.of(1, 2, 3, 6), 1)]).toEqual([3, 6]);
  });
});

describe('embedGuidance', () => {
  it('is sines, then cosines, of (g − 1) · 1000 at falling frequencies', () => {
    const embedding = embedGuidance(8.5, 256);
    expect(embedding[0]).toBeCloseTo(Math.sin(7500), 5);
    expect(embedding[128]).toBeCloseTo(Math.cos(7500), 5);
    expect(embedding[127]).toBeCloseTo(Math.sin(0.75), 5);
    expect([...embedGuidance(1, 4)]).toEqual([0, 0, 1, 1]);
  });

  it('ends an odd length with 0', () => {
    expect(embedGuidance(2, 9)[8]).toBe(0);
  });
});
