import { expect, test } from 'vitest';
import { RestartPolicy } from '../../../main/shell/electron/restart-policy.ts';

const limits = { crashes: 4, windowMs: 60_000, firstDelayMs: 100, longestDelayMs: 500 };

test('waits longer each time, then gives up', () => {
  const policy = new RestartPolicy(limits, () => 0);
  expect([1, 2, 3, 4, 5, 6].map(() => policy.noteCrash())).toEqual([100, 200, 400, 500, null, null]);
});

test('forgets crashes that are long ago', () => {
  let nowMs = 0;
  const policy = new RestartPolicy(limits, () => nowMs);
  for (let crash = 0; crash < 50; crash += 1) {
    expect(policy.noteCrash()).toBeLessThanOrEqual(400);
    nowMs += 20_001;
  }
});

test('forgives when asked', () => {
  const policy = new RestartPolicy(limits, () => 0);
  for (let crash = 0; crash < 5; crash += 1) policy.noteCrash();
  policy.forgive();
  expect(policy.noteCrash()).toBe(100);
});
