import type { Progress, RunContext } from '../running/run-context.ts';

/** Turns the runs of a generation into one rising fraction; a decode or text encode counts as one denoising step of one picture. */
interface GenerationProgress {
  advance(phase: Progress['phase'], units: number, step: number, steps: number): void;
}

export function createGenerationProgress(context: RunContext, totalUnits: number): GenerationProgress {
  let done = 0;
  return {
    advance(phase, units, step, steps) {
      done = Math.min(done + units, totalUnits);
      context.onProgress({ fraction: done / totalUnits, phase, step, steps });
    },
  };
}
