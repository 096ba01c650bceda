import type { Batch } from '../../../contract/batch.ts';
import { list, say } from '../../language/say.ts';

export function countRows({ counts }: Batch): number {
  return counts.queued + counts.running + counts.paused + counts.done + counts.failed + counts.cancelled;
}

function describeRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000));
  if (seconds < 90) return say('batch.secondsLeft', { count: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? say('batch.minutesLeft', { count: minutes })
    : say('batch.hoursLeft', { count: Math.round(minutes / 60) });
}

/** What a batch is about: one whose pictures are all done has more to do while files are on their way to it. */
export function stateOf(batch: Batch, coming: number): Batch['state'] {
  return batch.state === 'done' && coming > 0 ? 'running' : batch.state;
}

/**
 * "Working · 342 of 1,000 · 3 min left"
 * @param coming files on their way that are no rows yet: they are part of what is to be done
 */
export function describeBatch(batch: Batch, coming = 0): string {
  const { counts } = batch;
  const state = stateOf(batch, coming);
  const total = countRows(batch) + coming;
  if (total === 0) return say('batch.noPictures');
  const ended = counts.done + counts.failed + counts.cancelled;
  const parts = [
    say(`batch.state.${state}`),
    state === 'done' ? say('batch.pictureCount', { count: counts.done }) : say('batch.endedOf', { ended, total }),
  ];
  if (counts.failed > 0) parts.push(say('batch.failedCount', { count: counts.failed }));
  if (batch.remainingMs !== null) parts.push(describeRemaining(batch.remainingMs));
  return parts.join(' · ');
}

/** "Reads 15 and 75 tokens, draws 2 pictures of each" */
export function describeSettings({ settings }: Batch): string {
  const lengths = list(settings.lengths.map(String));
  const { draw } = settings;
  if (draw === null) return say('batch.reads', { lengths });
  const { count = 1, seed } = draw;
  return seed === undefined
    ? say('batch.readsAndDraws', { lengths, count })
    : say('batch.readsAndDrawsWith', { lengths, count, seed: String(seed) });
}

/** For readers: in tenths, so that they are told ten times and not a thousand. */
export function announceBatch(batch: Batch): string {
  const about =
    batch.state === 'running'
      ? say('batch.percentDone', { count: Math.floor(batch.fraction * 10) * 10 })
      : describeBatch({ ...batch, remainingMs: null });
  return say('batch.about', { name: batch.name, about });
}
