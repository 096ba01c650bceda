import { describe, expect, test } from 'vitest';
import { CrashRecord } from '../../../main/running/crash-record.ts';

describe('CrashRecord', () => {
  test('one crash costs no wait, further ones cost more each', () => {
    const crashes = new CrashRecord({ limit: 100, windowMs: 60_000 });
    const delays = [];
    for (let count = 0; count < 8; count++) {
      crashes.add(1000);
      delays.push(crashes.delayMs(1000));
    }
    expect(delays).toEqual([0, 200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(crashes.delayMs(4000)).toBe(2000);
    expect(crashes.delayMs(60_000)).toBe(0);
  });

  test('the first pause can be another', () => {
    const crashes = new CrashRecord({ limit: 100, windowMs: 60_000, firstPauseMs: 1 });
    for (let count = 0; count < 3; count++) crashes.add(0);
    expect(crashes.delayMs(0)).toBe(2);
  });

  test('an input that explains its crashes ends the row, until so many of them explain nothing', () => {
    const crashes = new CrashRecord({ limit: 3, windowMs: 60_000 });
    const crashTwice = (): void => {
      crashes.add(0);
      crashes.add(0);
    };
    for (let input = 0; input < 8; input++) {
      crashTwice();
      crashes.explain();
      expect(crashes.isLoop).toBe(false);
    }
    crashTwice();
    crashes.explain();
    crashTwice();
    expect(crashes.isLoop).toBe(true);
    crashes.clear();
    crashTwice();
    crashes.explain();
    expect(crashes.delayMs(0)).toBe(0);
  });

  test('a loop is `limit` crashes within the window, without a finished request between', () => {
    const crashes = new CrashRecord({ limit: 3, windowMs: 1000 });
    crashes.add(0);
    crashes.add(500);
    expect(crashes.isLoop).toBe(false);
    crashes.add(1200);
    expect(crashes.isLoop).toBe(false);
    crashes.add(1300);
    expect(crashes.isLoop).toBe(true);
    crashes.clear();
    expect(crashes.isLoop).toBe(false);
    expect(crashes.delayMs(1300)).toBe(0);
  });
});
