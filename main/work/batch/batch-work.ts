import type { JobContext } from '../../jobs/job-context.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { BatchProgress } from './batch-progress.ts';
import type { JobServices } from '../../services/job-services.ts';

/** What each step of a batch works with. */
export interface BatchWork {
  readonly services: JobServices;
  readonly batchId: string;
  readonly pack: ResolvedPack;
  readonly context: JobContext;
  readonly progress: BatchProgress;
  /** True when another job goes first, or the rows that wait are not what they were. */
  readonly isInterrupted: () => boolean;
}
