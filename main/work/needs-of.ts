import type { JobRequest } from '../../contract/job.ts';
import type { JobNeeds } from '../jobs/job-queue.ts';

/** What each kind of work needs. Everything is read and drawn by models on this machine; work for a server will name its host. */
export function needsOf({ kind }: JobRequest): JobNeeds {
  switch (kind) {
    case 'encode':
    case 'generate':
    case 'roundtrip':
    case 'word-values':
    case 're-solve':
    case 'drift':
    case 'batch':
      return { lane: 'device' };
  }
}
