import { isBetterSolved } from '../../../../contract/job.ts';
import type { Job } from '../../../../contract/job.ts';

/** Shorter jobs end while a person still looks; telling of them would only disturb. */
const longJobMs = 8_000;

export interface Ending {
  readonly title: string;
  readonly body: string;
}

function titleOf(kind: Job['request']['kind']): string {
  switch (kind) {
    case 'encode':
      return 'Pictures are read';
    case 'generate':
      return 'Pictures are drawn';
    case 'roundtrip':
      return 'Round trip is done';
    case 'batch':
      return 'The batch is done';
    case 'word-values':
      return 'The words are measured';
    case 're-solve':
      return 'The text is solved again';
    case 'drift':
      return 'The picture is heard';
    case 'matrix':
      return 'The blends are done';
    case 'refine-blend':
      return 'The blend is refined';
    case 'install':
      return 'The model is here';
  }
}

function countResults(job: Job): string {
  const { result } = job;
  if (result === null) return '';
  switch (result.kind) {
    case 'encode':
      return result.images.length === 1 ? 'One picture has its text.' : `${result.images.length} pictures have their texts.`;
    case 'generate':
      return result.items.length === 1 ? 'One picture is ready.' : `${result.items.length} pictures are ready.`;
    case 'roundtrip':
      return 'Text and pictures are ready to compare.';
    case 'word-values':
      return 'Each word has its value.';
    case 're-solve':
      return isBetterSolved(result) ? 'A better text waits for you.' : 'No better text was found.';
    case 'drift':
      return 'What was heard is ready to compare.';
    case 'matrix':
      return `${result.texts} texts and ${result.pictures} pictures are ready.`;
    case 'refine-blend':
      return result.loss.after < result.loss.before ? 'A better text waits for you.' : 'No better text was found.';
    case 'install':
      return 'It can be used from now on.';
    case 'batch':
      return result.failed === 0
        ? `${result.done} pictures are done.`
        : `${result.done} pictures are done, ${result.failed} failed.`;
  }
}

/** What to tell a person who looked away while a long job ended; null when there is nothing to tell. Never quotes a text or a name: others may see the screen. */
export function describeEnding(job: Job): Ending | null {
  const tookMs = job.startedMs === null || job.endedMs === null ? 0 : job.endedMs - job.startedMs;
  if (tookMs < longJobMs) return null;
  if (job.state === 'done') return { title: titleOf(job.request.kind), body: countResults(job) };
  if (job.state === 'failed') return { title: 'A job failed', body: job.error?.message ?? '' };
  return null;
}
