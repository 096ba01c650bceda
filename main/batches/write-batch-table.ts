import { batchTableLineSchema } from '../../contract/batch.ts';
import type { BatchTableFormat, BatchTableLine, BatchText } from '../../contract/batch.ts';
import { worldOf } from '../../contract/texts/prompt.ts';
import type { PictureWorld } from '../../contract/picture-world.ts';
import type { ExportTarget } from '../../contract/texts/prompt.ts';
import { StudioError } from '../../contract/errors.ts';
import { CSV_MARK, csvLine } from '../files/csv-line.ts';
import type { BatchList } from './batch-list.ts';
import type { StoredBatch, StoredRow } from './batch-records.ts';
import type { Library } from '../library/library.ts';
import { exportPrompt } from '../prompt/export-prompt.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { toBatchRow } from './to-batch-row.ts';

export interface BatchTableOptions {
  readonly format: BatchTableFormat;
  /** Whose syntax the column `prompt` has. */
  readonly target: ExportTarget;
  /** CLIP's, for the target's budget. */
  readonly tokenizer: Tokenizer;
}

const ROWS_AT_ONCE = 100;
const COLUMNS = batchTableLineSchema.keyof().options;

/** Null for a text that was removed from the library since: the table still has its plain words. */
function writePrompt(library: Library, { itemId, text }: BatchText, options: BatchTableOptions): string | null {
  if (options.target === 'plain') return text;
  try {
    const item = library.getItem(itemId);
    return item.kind === 'prompt' ? exportPrompt(item.prompt, options.target, {}, options.tokenizer).text : null;
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}

/** From the index: the files of thousands of texts need not be read for it. */
function findWorld(library: Library, { itemId }: BatchText): PictureWorld | null {
  const item = library.getListed(itemId);
  return item?.kind === 'prompt' ? worldOf(item.prompt) : null;
}

function toLines(library: Library, batch: StoredBatch, row: StoredRow, options: BatchTableOptions): BatchTableLine[] {
  const { state, error } = toBatchRow(row, batch, []);
  const line = {
    file: row.name,
    sha256: row.sha256,
    state,
    length: null,
    text: null,
    prompt: null,
    fidelity_mean: null,
    fidelity_spread: null,
    inside_world: null,
    world_score: null,
    error: error === null ? null : `${error.message} ${error.hint}`.trim(),
    item_id: row.pictureId,
  };
  if (row.texts.length === 0) return [line];
  return row.texts.map((written) => {
    const { length, itemId, text, fidelity } = written;
    const world = findWorld(library, written);
    return {
      ...line,
      length,
      text,
      prompt: writePrompt(library, written, options),
      fidelity_mean: fidelity?.mean ?? null,
      fidelity_spread: fidelity?.spread ?? null,
      inside_world: world?.inside ?? null,
      world_score: world?.score ?? null,
      item_id: itemId,
    };
  });
}

/** The table of a batch, a piece at a time: one line a text, in the order of the rows. CSV begins with a header, and before it with the mark that tells spreadsheets it is UTF-8. */
export async function* writeBatchTable(
  batches: BatchList,
  library: Library,
  batchId: string,
  options: BatchTableOptions,
): AsyncGenerator<string, void, void> {
  const batch = batches.get(batchId);
  const write = (line: BatchTableLine): string =>
    options.format === 'csv' ? csvLine(COLUMNS.map((column) => line[column])) : `${JSON.stringify(line)}\n`;
  if (options.format === 'csv') yield `${CSV_MARK}${csvLine(COLUMNS)}`;
  for (const rows of batches.read.inOrder(batchId, ROWS_AT_ONCE)) {
    yield rows
      .flatMap((row) => toLines(library, batch, row, options))
      .map(write)
      .join('');
    await yieldToEventLoop();
  }
}
