import type { BatchList } from '../../batches/batch-list.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import type { Progress } from '../../running/run-context.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';

/** Progress of a batch's job: by rows, of those that are to be done (cancelled ones are not), and within a row that is drawn by its pictures. */
export class BatchProgress {
  readonly #batches: BatchList;
  readonly #batchId: string;
  readonly #context: JobContext;

  constructor(batches: BatchList, batchId: string, context: JobContext) {
    this.#batches = batches;
    this.#batchId = batchId;
    // What is done by now says nothing of the speed.
    let doneBefore: number | null = null;
    const onProgress = (progress: Progress): void => {
      doneBefore ??= progress.fraction;
      context.onProgress({ ...progress, doneBefore });
    };
    this.#context = { ...context, onProgress };
    this.show('loading');
  }

  /** @param within What is done of the row in hand, 0..1. */
  show(phase: Progress['phase'], within = 0): void {
    const { done, failed, waiting } = this.#batches.live(this.#batchId).counts;
    const step = done + failed;
    const steps = step + waiting;
    // Made anew, because rows come and go while others are done.
    const rows = new WeightedProgress(this.#context, { rows: steps });
    rows.span(step, 1).onProgress({ fraction: within, phase, step, steps });
  }

  /** The context for what is done with the row in hand. */
  ofRow(): JobContext {
    return { ...this.#context, onProgress: ({ phase, fraction }) => this.show(phase, fraction) };
  }
}
