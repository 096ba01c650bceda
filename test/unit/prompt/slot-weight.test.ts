import { describe, expect, it } from 'vitest';
import { stepWeight } from '../../../main/prompt/slot-weight.ts';

describe('stepWeight', () => {
  it('walks the grid of 0.05 without binary dust', () => {
    let weight = 1;
    for (let step = 0; step < 7; step += 1) weight = stepWeight(weight, 1);
    expect(weight).toBe(1.35);
    expect(stepWeight(1.35, -7)).toBe(1);
  });

  it('stays within 0.1 and 2', () => {
    expect(stepWeight(1.95, 5)).toBe(2);
    expect(stepWeight(0.15, -5)).toBe(0.1);
    expect(stepWeight(0, 1)).toBe(0.1);
  });
});
