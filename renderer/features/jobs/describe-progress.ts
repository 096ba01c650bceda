import type { JobProgress } from '../../../contract/job.ts';
import { say } from '../../language/say.ts';

/** "Denoising 7/20 · 3 s" */
export function describeProgress(progress: JobProgress): string {
  // Loading and waiting have no steps of their own; theirs are those of the work to come.
  const counts = progress.phase !== 'loading' && progress.phase !== 'waiting' && progress.steps > 1;
  const steps = counts ? ` ${Math.min(progress.step, progress.steps)}/${progress.steps}` : '';
  const left = progress.remainingMs === null ? '' : ` · ${describeRemaining(progress.remainingMs)}`;
  return `${say(`jobs.phase.${progress.phase}`)}${steps}${left}`;
}

function describeRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
