import type { Command } from '../../state/frame/command.ts';
import type { Studio } from '../../state/studio.svelte.ts';

const where = ['batch'] as const;

/** Folders in, the batch that is open, and its table out. */
export function listBatchCommands(studio: Studio): readonly Command[] {
  const { batches } = studio;
  const none = (): string | null => (batches.chosen === null ? 'There is no batch yet.' : null);
  const isActive = (): boolean => batches.chosen?.state === 'running' || batches.chosen?.state === 'queued';
  const withBatch = (act: (batchId: string) => Promise<unknown>) => (): void => {
    const { chosen } = batches;
    if (chosen !== null) studio.attempt(act(chosen.id));
  };
  const save = (format: 'csv' | 'jsonl') => (): void => {
    const { chosen } = batches;
    if (chosen !== null) studio.attempt(batches.save(chosen, format, 'plain'));
  };
  return [
    {
      id: 'batch-folder',
      name: 'New batch from a folder',
      keys: 'Mod+Shift+O',
      where,
      whileWriting: true,
      run: () => batches.pick('folder'),
    },
    {
      id: 'batch-pictures',
      name: 'New batch from pictures',
      keys: null,
      where,
      whileWriting: true,
      run: () => batches.pick('files'),
    },
    {
      id: 'batch-add',
      name: 'Add pictures to this batch',
      keys: null,
      where,
      whileWriting: true,
      run: () => batches.pick('files', batches.chosen?.id ?? null),
      whyNot: none,
    },
    {
      id: 'batch-pause',
      name: 'Pause or resume the batch',
      keys: 'P',
      where,
      whileWriting: false,
      run: withBatch((id) => (isActive() ? batches.pause(id) : batches.resume(id))),
      whyNot: none,
    },
    {
      id: 'batch-retry',
      name: 'Retry what failed',
      keys: 'Shift+R',
      where,
      whileWriting: false,
      run: withBatch((id) => batches.retry(id)),
      whyNot: () => none() ?? (batches.chosen?.counts.failed === 0 ? 'Nothing failed.' : null),
    },
    {
      id: 'batch-save-csv',
      name: 'Save the table as CSV',
      keys: 'Mod+S',
      where,
      whileWriting: true,
      run: save('csv'),
      whyNot: none,
    },
    {
      id: 'batch-save-jsonl',
      name: 'Save the table as JSONL',
      keys: 'Mod+Shift+S',
      where,
      whileWriting: true,
      run: save('jsonl'),
      whyNot: none,
    },
  ];
}
