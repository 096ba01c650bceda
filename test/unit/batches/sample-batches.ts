import type { BatchText } from '../../../contract/batch.ts';
import type { NewRow, StoredBatch } from '../../../main/batches/batch-records.ts';

export function sampleBatch(id: string): StoredBatch {
  const settings = { lengths: [5], draw: null };
  return { id, name: `Batch ${id}`, createdMs: 1, settings, state: 'active', jobId: null, error: null };
}

/** A row of a picture; the same name gives the same picture. */
export function sampleRow(id: string, name = id): NewRow {
  const sha256 = Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
  return { id, name, sha256, pictureId: `picture-${name}`, thumbhash: null, error: null };
}

export function sampleText(length = 5): BatchText {
  return { length, itemId: `text-${length}`, text: 'a red fox', fidelity: null };
}
