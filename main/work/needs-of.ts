import type { JobRequest } from '../../contract/job.ts';
import type { JobNeeds } from '../jobs/job-queue.ts';
import type { Provider } from '../ports/provider.ts';

/** What each kind of work needs: the lane of whoever reads, draws and compares for it. */
export function needsOf({ kind }: JobRequest, models: Provider): JobNeeds {
  switch (kind) {
    case 'encode':
    case 'generate':
    case 'roundtrip':
    case 'word-values':
    case 're-solve':
    case 'drift':
    case 'batch':
      return { lane: models.lane };
  }
}
