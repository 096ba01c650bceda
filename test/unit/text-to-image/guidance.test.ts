import { describe, expect, it } from 'vitest';
import { embedGuidance, guide, rescaleGuided } from '../../../main/text-to-image/guidance.ts';

describe('guide', () => {
  it('goes from the output without the prompt through the one with it', () => {
    expect([...guide(Float32Array.of(1, 2, 3, 6), 3)]).toEqual([7, 14]);
    expect([...guide(Float32Array.of(1, 2, 3, 6), 1)]).toEqual([3, 6]);
  });
});

describe('rescaleGuided', () => {
  it('brings each row to the spread of its own prompted one, by the share asked for', () => {
    const guided = Float32Array.of(0, 4, 8, 0, 0, 6);
    const prompted = Float32Array.of(1, 2, 3, 1, 1, 2);
    const whole = guided.slice();
    rescaleGuided(whole, prompted, 2, 1);
    expect([...whole]).toEqual([0, 1, 2, 0, 0, 1]);
    rescaleGuided(guided, prompted, 2, 0.5);
    expect([...guided]).toEqual([0, 2.5, 5, 0, 0, 3.5]);
  });

  it('leaves a row without a spread as it is', () => {
    const flat = Float32Array.of(2, 2);
    rescaleGuided(flat, Float32Array.of(1, 3), 1, 1);
    expect([...flat]).toEqual([2, 2]);
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
