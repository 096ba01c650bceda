import type { Batch, BatchFile, BatchRow, BatchSettings } from '../../contract/batch.ts';
import { StudioError } from '../../contract/errors.ts';
import type { TestStudio } from './open-test-studio.ts';
import { makePicture } from './make-picture.ts';

export const readOnly: BatchSettings = { lengths: [5], draw: null };

/** Sends files as a page does: pictures to the library, then their names to the batch; what is no picture goes with its error. */
export async function sendFiles({ studio }: TestStudio, files: readonly (readonly [string, Uint8Array])[]): Promise<BatchFile[]> {
  const sent: BatchFile[] = [];
  for (const [name, bytes] of files) {
    try {
      const { image } = await studio.addImage(bytes, { title: name });
      sent.push({ name, sha256: image.sha256, error: null });
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      sent.push({ name, sha256: null, error: error.toBody() });
    }
  }
  return sent;
}

/** Pictures of different greys, named `<stem> 1.png` and on. */
export async function greys(count: number, stem = 'grey'): Promise<(readonly [string, Uint8Array])[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const level = 20 + Math.round((200 * index) / count);
      const bytes = await makePicture(32, { r: level, g: 120, b: 255 - level });
      return [`${stem} ${index + 1}.png`, new Uint8Array(bytes)] as const;
    }),
  );
}

export const brokenFile: readonly [string, Uint8Array] = ['broken.png', new TextEncoder().encode('no picture at all')];

/** The batch once it is as asked. */
export async function waitForBatch({ client }: TestStudio, batchId: string, fits: (batch: Batch) => boolean): Promise<Batch> {
  for (;;) {
    const batch = await client.batches.get({ batchId });
    if (fits(batch)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const isAtRest = ({ state }: Batch): boolean => state !== 'queued' && state !== 'running';

export async function rowsOf({ client }: TestStudio, batchId: string): Promise<BatchRow[]> {
  return (await client.batches.rows({ batchId, limit: 1000 })).rows;
}
