import type { JobProgress } from '../../contract/job.ts';
import type { Progress } from '../running/run-context.ts';

/** Before anything ran. */
export const WAITING: JobProgress = { fraction: 0, phase: 'waiting', step: 0, steps: 0, remainingMs: null, previewUrl: null };

// An estimate from less than this is a guess, and a guess that jumps is worse than none.
const ESTIMATE_FROM_FRACTION = 0.02;
const ESTIMATE_FROM_MS = 300;

/** One attempt's progress: a fraction that never falls, and the time that is left if it goes on as it went so far. */
export class ProgressTracker {
  readonly #clock: () => number;
  readonly #startedMs: number;
  readonly #floor: number;
  #current: JobProgress;

  /** @param before Where an attempt before this one had come to; the fraction waits there until this one passes it. */
  constructor(clock: () => number, before: JobProgress) {
    this.#clock = clock;
    this.#startedMs = clock();
    this.#floor = before.fraction;
    this.#current = { ...WAITING, fraction: before.fraction };
  }

  get current(): JobProgress {
    return this.#current;
  }

  report({ fraction, phase, step, steps, doneBefore = 0, bytesPerSecond, ahead, ...told }: Progress): JobProgress {
    const own = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
    const shown = Math.max(own, this.#floor, this.#current.fraction);
    const { previewUrl } = this.#current;
    // What was found stays while it is added to.
    const text = told.text ?? this.#current.text;
    const more = {
      ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      ...(ahead !== undefined && { ahead }),
      ...(text !== undefined && { text }),
    };
    this.#current = { fraction: shown, phase, step, steps, remainingMs: this.#estimate(own, doneBefore), previewUrl, ...more };
    return this.#current;
  }

  showPreview(previewUrl: string): JobProgress {
    this.#current = { ...this.#current, previewUrl };
    return this.#current;
  }

  #estimate(fraction: number, before: number): number | null {
    const elapsedMs = this.#clock() - this.#startedMs;
    const gained = fraction - before;
    if (gained < ESTIMATE_FROM_FRACTION * (1 - before) || gained <= 0 || elapsedMs < ESTIMATE_FROM_MS) return null;
    return Math.round((elapsedMs * (1 - fraction)) / gained);
  }
}
