import type { Batch, BatchState } from '../../contract/batch.ts';
import type { Job } from '../../contract/job.ts';
import type { BatchList } from './batch-list.ts';
import type { StoredBatch } from './batch-records.ts';

type Live = ReturnType<BatchList['live']>;

function stateOf(batch: StoredBatch, { counts }: Live, job: Job | null): BatchState {
  if (job?.state === 'running') return 'running';
  if (job?.state === 'queued') return 'queued';
  if (batch.state === 'active') return counts.waiting === 0 && counts.done + counts.failed > 0 ? 'done' : 'queued';
  // Nothing is left that could be gone on with.
  return batch.state === 'paused' && counts.waiting === 0 && counts.done + counts.failed > 0 ? 'done' : batch.state;
}

/** A batch as it is told: what is stored, what is in hand, and what its job does. */
export function describeBatch(batch: StoredBatch, live: Live, job: Job | null): Batch {
  const { waiting, done, failed, cancelled } = live.counts;
  const state = stateOf(batch, live, job);
  const running = Math.min(live.working.length, waiting);
  const rest = waiting - running;
  const counts = {
    queued: batch.state === 'paused' ? 0 : rest,
    running,
    paused: batch.state === 'paused' ? rest : 0,
    done,
    failed,
    cancelled,
  };
  const total = waiting + done + failed + cancelled;
  const { id, name, createdMs, settings, jobId, error } = batch;
  const fraction = total === 0 ? 0 : (total - waiting) / total;
  const remainingMs = state === 'running' ? (job?.progress.remainingMs ?? null) : null;
  return { id, name, createdMs, settings, state, counts, fraction, remainingMs, jobId, revision: live.revision, error };
}
