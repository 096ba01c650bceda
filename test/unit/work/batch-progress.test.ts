import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BatchList } from '../../../main/batches/batch-list.ts';
import type { JobContext } from '../../../main/jobs/job-context.ts';
import type { Progress } from '../../../main/running/run-context.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { BatchProgress } from '../../../main/work/batch/batch-progress.ts';
import { sampleBatch, sampleRow, sampleText } from '../batches/sample-batches.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';

function openBatch(rows: readonly string[]): { list: BatchList; context: JobContext; seen: Progress[] } {
  const list = new BatchList({ file: join(makeTemporaryFolder(), 'batches.sqlite'), clock: Date.now });
  onTestFinished(() => list.close());
  list.append(sampleBatch('one'));
  list.addRows(
    'one',
    rows.map((id) => sampleRow(id)),
  );
  const seen: Progress[] = [];
  const context: JobContext = {
    ...quietContext,
    attempt: 1,
    onProgress: (progress) => seen.push(progress),
    onPreview: () => undefined,
    lane: 'device' as const,
    isLaneWanted: () => false,
    onKept: () => undefined,
    onBegunForGood: () => undefined,
  };
  return { list, context, seen };
}

function finish(list: BatchList): void {
  const [row] = list.takeWaiting('one', 1);
  if (row === undefined) throw new Error('no row waits');
  list.keepTexts('one', row, [sampleText()], true);
}

test('a batch that is gone on with says what was done before, and a row moves it by its share', () => {
  const { list, context, seen } = openBatch(['a', 'b', 'c', 'd']);
  finish(list);
  const progress = new BatchProgress(list, 'one', context);
  progress.ofRow().onProgress({ fraction: 0.5, phase: 'denoising', step: 3, steps: 6 });
  finish(list);
  progress.show('encoding');
  expect(seen).toEqual([
    { fraction: 0.25, phase: 'loading', step: 1, steps: 4, doneBefore: 0.25 },
    { fraction: 0.375, phase: 'denoising', step: 1, steps: 4, doneBefore: 0.25 },
    { fraction: 0.5, phase: 'encoding', step: 2, steps: 4, doneBefore: 0.25 },
  ]);
});

test('cancelled rows are not waited for, and a batch without rows has nothing done', () => {
  const { list, context, seen } = openBatch(['a', 'b']);
  finish(list);
  list.changeRows('one', (rows) => rows.cancel('one'));
  new BatchProgress(list, 'one', context).show('encoding');
  const empty = openBatch([]);
  new BatchProgress(empty.list, 'one', empty.context).show('encoding');
  expect(seen.map(({ fraction }) => fraction)).toEqual([1, 1]);
  expect(empty.seen.map(({ fraction }) => fraction)).toEqual([0, 0]);
});
