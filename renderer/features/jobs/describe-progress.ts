import type { JobProgress } from '../../../contract/job.ts';
import { fixed, say } from '../../language/say.ts';

/** Nothing that a line can end with: what stands between is no end of a sentence, and a number is nothing without its unit. */
const joined = '\u00a0';

/** "Denoising 7/20 · 3 s", in pieces: a line that is too short for all of them ends behind one. */
export function describeProgress(progress: JobProgress): string {
  // Loading, waiting and reading a text have no steps of their own; theirs are those of the work to come.
  const isAhead = progress.phase === 'encoding' && progress.step === 0;
  const counts = progress.phase !== 'loading' && progress.phase !== 'waiting' && !isAhead && progress.steps > 1;
  const unit = progress.phase === 'downloading' ? `${joined}MB` : '';
  const steps = counts ? ` ${Math.min(progress.step, progress.steps)}/${progress.steps}${unit}` : '';
  const { bytesPerSecond } = progress;
  const rate =
    bytesPerSecond === undefined ? '' : ` ·${joined}${say('jobs.rate', { megabytes: fixed(bytesPerSecond / 1e6, 1) })}`;
  const ahead = (progress.ahead ?? 0) === 0 ? '' : ` ·${joined}${say('jobs.ahead', { count: progress.ahead ?? 0 })}`;
  const left = progress.remainingMs === null ? '' : ` ·${joined}${describeRemaining(progress.remainingMs)}`;
  return `${say(`jobs.phase.${progress.phase}`)}${steps}${rate}${ahead}${left}`;
}

function describeRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000));
  return seconds < 90 ? `${seconds}${joined}s` : `${Math.round(seconds / 60)}${joined}min`;
}
