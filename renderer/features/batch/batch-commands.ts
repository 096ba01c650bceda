import type { Command } from '../../state/frame/command.ts';
import type { Batches } from '../../state/batch/batches.svelte.ts';
import type { Page } from '../../state/page.svelte.ts';
import { say } from '../../language/say.ts';

const where = ['batch'] as const;

/** Folders in, the batch that is open, and its table out. */
export function listBatchCommands(batches: Batches, attempt: Page['attempt']): readonly Command[] {
  const none = (): string | null => (batches.chosen === null ? say('batch.none') : null);
  const isActive = (): boolean => batches.chosen?.state === 'running' || batches.chosen?.state === 'queued';
  const withBatch = (act: (batchId: string) => Promise<unknown>) => (): void => {
    const { chosen } = batches;
    if (chosen !== null) attempt(act(chosen.id));
  };
  const save = (format: 'csv' | 'jsonl') => (): void => {
    const { chosen } = batches;
    if (chosen !== null) attempt(batches.save(chosen, format, 'plain'));
  };
  return [
    {
      id: 'batch-folder',
      name: () => say('command.batch-folder'),
      keys: 'Mod+Shift+O',
      where,
      whileWriting: true,
      run: () => batches.pick('folder'),
    },
    {
      id: 'batch-pictures',
      name: () => say('command.batch-pictures'),
      keys: null,
      where,
      whileWriting: true,
      run: () => batches.pick('files'),
    },
    {
      id: 'batch-add',
      name: () => say('command.batch-add'),
      keys: null,
      where,
      whileWriting: true,
      run: () => batches.pick('files', batches.chosen?.id ?? null),
      whyNot: none,
    },
    {
      id: 'batch-pause',
      name: () => say('command.batch-pause'),
      keys: 'P',
      where,
      whileWriting: false,
      run: withBatch((id) => (isActive() ? batches.pause(id) : batches.resume(id))),
      whyNot: none,
    },
    {
      id: 'batch-retry',
      name: () => say('command.batch-retry'),
      keys: 'Shift+R',
      where,
      whileWriting: false,
      run: withBatch((id) => batches.retry(id)),
      whyNot: () => none() ?? (batches.chosen?.counts.failed === 0 ? say('batch.noneFailed') : null),
    },
    {
      id: 'batch-library',
      name: () => say('command.batch-library'),
      keys: 'L',
      where,
      whileWriting: false,
      run: withBatch((id) => batches.showResults(id)),
      whyNot: none,
    },
    {
      id: 'batch-save-csv',
      name: () => say('command.batch-save-csv'),
      keys: 'Mod+S',
      where,
      whileWriting: true,
      run: save('csv'),
      whyNot: none,
    },
    {
      id: 'batch-save-jsonl',
      name: () => say('command.batch-save-jsonl'),
      keys: 'Mod+Shift+S',
      where,
      whileWriting: true,
      run: save('jsonl'),
      whyNot: none,
    },
  ];
}
