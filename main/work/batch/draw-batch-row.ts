import type { BatchSettings } from '../../../contract/batch.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import type { StoredRow } from '../../batches/batch-records.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import type { BatchWork } from './batch-work.ts';
import { drawPictures } from '../draw-pictures.ts';
import { failGuiltyRow, MOST_CRASHES } from './read-batch-rows.ts';
import { requireSeed } from '../require-seed.ts';

type DrawSettings = NonNullable<BatchSettings['draw']>;

/** What is wrong with one picture or text; anything else the next row would meet as well. */
function concernsRow(code: ErrorCode): boolean {
  return code.startsWith('image-') || code.startsWith('prompt-') || code === 'not-found' || code === 'library-damaged';
}

/** Draws one text of a row; `index` is its place among the row's texts. */
async function drawText(work: BatchWork, settings: DrawSettings, row: StoredRow, index: number): Promise<void> {
  const { services, batchId, pack, context } = work;
  const text = row.texts[index];
  if (text?.fidelity !== null) return;
  const item = services.library.getItem(text.itemId);
  if (item.kind !== 'prompt') throw new Error(`the text of a row is a ${item.kind}`);
  const order = {
    pack,
    tokens: collectTokens(item.prompt),
    text: item.text,
    settings: requireSeed(settings),
    originalSha256: row.sha256,
    parents: [item.id],
    boards: [batchId],
    // The seed is the batch's: pictures that were saved before a death are found again by their bytes.
    reuseSinceMs: services.batches.get(batchId).createdMs,
  };
  const progress = new WeightedProgress(work.progress.ofRow(), { texts: row.texts.length });
  const { fidelity } = await drawPictures(services, order, progress.span(index, 1));
  if (fidelity === null) throw new Error('pictures that were not compared');
  const drawn = { ...text, fidelity: { mean: fidelity.mean, spread: fidelity.spread } };
  services.batches.keepTexts(batchId, row, [drawn], index === row.texts.length - 1);
  context.onKept();
}

/**
 * Draws the texts of a row and compares the pictures with the original. What concerns this row alone fails it.
 *
 * @throws StudioError what the next row would meet as well; the signal's reason when paused
 */
export async function drawBatchRow(work: BatchWork, settings: DrawSettings, row: StoredRow): Promise<void> {
  const { services, batchId, context } = work;
  services.batches.showWorking(batchId, [row.seq]);
  try {
    for (const index of row.texts.keys()) await drawText(work, settings, row, index);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof StudioError)) throw error;
    if (error.code === 'engine-crashed') {
      services.batches.countCrash([row]);
      if (row.crashes + 1 >= MOST_CRASHES) failGuiltyRow(work, row, error);
    } else if (concernsRow(error.code)) services.batches.failRow(batchId, row, error.toBody());
    else throw error;
  }
}
