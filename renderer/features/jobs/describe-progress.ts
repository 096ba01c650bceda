import type { JobProgress } from '../../../contract/job.ts';
import { fixed, say } from '../../language/say.ts';

/** "Denoising 7/20 · 3 s" */
export function describeProgress(progress: JobProgress): string {
  // Loading and waiting have no steps of their own; theirs are those of the work to come.
  const counts = progress.phase !== 'loading' && progress.phase !== 'waiting' && progress.steps > 1;
  const unit = progress.phase === 'downloading' ? ' MB' : '';
  const steps = counts ? ` ${Math.min(progress.step, progress.steps)}/${progress.steps}${unit}` : '';
  const { bytesPerSecond } = progress;
  const rate = bytesPerSecond === undefined ? '' : ` · ${say('jobs.rate', { megabytes: fixed(bytesPerSecond / 1e6, 1) })}`;
  const ahead = (progress.ahead ?? 0) === 0 ? '' : ` · ${say('jobs.ahead', { count: progress.ahead ?? 0 })}`;
  const left = progress.remainingMs === null ? '' : ` · ${describeRemaining(progress.remainingMs)}`;
  return `${say(`jobs.phase.${progress.phase}`)}${steps}${rate}${ahead}${left}`;
}

function describeRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
