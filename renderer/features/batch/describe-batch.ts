import type { Batch } from '../../../contract/batch.ts';

const stateNames: Readonly<Record<Batch['state'], string>> = {
  queued: 'Waiting for its turn',
  running: 'Working',
  paused: 'Paused',
  done: 'Done',
  failed: 'Stopped',
  cancelled: 'Cancelled',
};

export function countRows({ counts }: Batch): number {
  return counts.queued + counts.running + counts.paused + counts.done + counts.failed + counts.cancelled;
}

export const formatCount = (count: number): string => count.toLocaleString('en');

function describeRemaining(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000));
  if (seconds < 90) return `${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min left` : `${Math.round(minutes / 60)} h left`;
}

/**
 * "Working · 342 of 1,000 · 3 min left"
 * @param coming files on their way that are no rows yet: they are part of what is to be done
 */
export function describeBatch(batch: Batch, coming = 0): string {
  const { counts } = batch;
  const state = batch.state === 'done' && coming > 0 ? 'running' : batch.state;
  const total = countRows(batch) + coming;
  if (total === 0) return 'No pictures yet';
  const ended = counts.done + counts.failed + counts.cancelled;
  const parts = [stateNames[state], state === 'done' ? '' : `${formatCount(ended)} of ${formatCount(total)}`];
  if (state === 'done') parts.push(`${formatCount(counts.done)} ${counts.done === 1 ? 'picture' : 'pictures'}`);
  if (counts.failed > 0) parts.push(`${formatCount(counts.failed)} failed`);
  if (batch.remainingMs !== null) parts.push(describeRemaining(batch.remainingMs));
  return parts.filter((part) => part !== '').join(' · ');
}

/** "Reads 15 and 75 tokens, draws 2 pictures of each" */
export function describeSettings({ settings }: Batch): string {
  const lengths = new Intl.ListFormat('en').format(settings.lengths.map(String));
  const { draw } = settings;
  if (draw === null) return `Reads ${lengths} tokens`;
  const count = draw.count ?? 1;
  const seed = draw.seed === undefined ? '' : `, seed ${draw.seed}`;
  return `Reads ${lengths} tokens, draws ${count === 1 ? 'a picture' : `${count} pictures`} of each${seed}`;
}

/** For readers: in tenths, so that they are told ten times and not a thousand. */
export function announceBatch(batch: Batch): string {
  if (batch.state !== 'running') return `${batch.name}: ${describeBatch({ ...batch, remainingMs: null })}`;
  return `${batch.name}: ${Math.floor(batch.fraction * 10) * 10} percent done`;
}
