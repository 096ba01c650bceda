import { stageWhole } from '../files/write-whole.ts';
import type { StagedBytes } from '../files/write-whole.ts';
import { toStorageError } from './to-storage-error.ts';

/** Bytes beside the file they will be; its failures are the library's. */
export type StagedFile = Pick<StagedBytes, 'stamp' | 'publish' | 'discard'>;

/** As `stageWhole`. Throws StudioError disk-full or file-unwritable. */
export async function stageFile(path: string, bytes: Uint8Array): Promise<StagedFile> {
  const explain = (cause: unknown): never => {
    throw toStorageError(cause, path);
  };
  const { stamp, publish, discard } = await stageWhole(path, bytes).catch(explain);
  return { stamp, publish: () => publish().catch(explain), discard };
}
