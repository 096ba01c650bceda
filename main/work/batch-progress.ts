import type { BatchList } from '../batches/batch-list.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { Progress } from '../running/run-context.ts';

/** Progress of a batch's job: by rows, and within a row that is drawn by its pictures. */
export class BatchProgress {
  readonly #batches: BatchList;
  readonly #batchId: string;
  readonly #context: JobContext;
  readonly #doneBefore: number;

  constructor(batches: BatchList, batchId: string, context: JobContext) {
    this.#batches = batches;
    this.#batchId = batchId;
    this.#context = context;
    this.#doneBefore = this.#fraction(0);
  }

  /** @param within What is done of the row in hand, 0..1. */
  show(phase: Progress['phase'], within = 0): void {
    const { counts } = this.#batches.live(this.#batchId);
    const step = counts.done + counts.failed;
    const fraction = this.#fraction(within);
    this.#context.onProgress({ fraction, phase, step, steps: step + counts.waiting, doneBefore: this.#doneBefore });
  }

  /** Of the rows that are to be done: cancelled ones are not. */
  #fraction(within: number): number {
    const { done, failed, waiting } = this.#batches.live(this.#batchId).counts;
    const total = done + failed + waiting;
    return total === 0 ? 0 : Math.min(1, (done + failed + within) / total);
  }
}
