import { expect, test } from 'vitest';
import { thinProgress } from '../../../main/engine/engine-requests.ts';
import type { Progress } from '../../../main/running/run-context.ts';

const at = (fraction: number, phase: Progress['phase'] = 'denoising'): Progress => ({ fraction, phase, step: 0, steps: 10 });

test('what comes too soon is left out, except what begins a phase or ends the call', () => {
  let nowMs = 1000;
  const sent: Progress[] = [];
  const report = thinProgress(
    (progress) => sent.push(progress),
    () => nowMs,
  );
  report(at(0, 'loading'));
  report(at(0.1));
  nowMs += 32;
  report(at(0.2));
  nowMs += 1;
  report(at(0.3));
  report(at(0.9, 'decoding'));
  report(at(1, 'decoding'));
  expect(sent).toEqual([at(0, 'loading'), at(0.1), at(0.3), at(0.9, 'decoding'), at(1, 'decoding')]);
});
