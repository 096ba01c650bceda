import type { BatchSettings, BatchText } from '../../../contract/batch.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { EncodedImage } from '../../../contract/job.ts';
import type { StoredRow } from '../../batches/batch-records.ts';
import { renderPrompt } from '../../prompt/render-prompt.ts';
import type { BatchWork } from './batch-work.ts';
import { encodeEachPicture } from '../encode-pictures.ts';

/** What the engine has in hand at once: a batch of pictures that it runs, and one that it makes ready. */
const IN_HAND = 32;
/** Of these, the ones that are run now. */
const SHOWN = 16;
/** A row that was in hand at this many crashes of the engine is what crashes it. */
export const MOST_CRASHES = 2;

/** Rows of one picture, which is read once for all of them. */
type Groups = Map<string, StoredRow[]>;

function lacksText(row: StoredRow, lengths: readonly number[]): boolean {
  return lengths.some((length) => !row.texts.some((text) => text.length === length));
}

function toTexts(image: EncodedImage, lengths: readonly number[]): BatchText[] {
  return image.documents.map(({ itemId, document }, index) => ({
    length: document.length ?? lengths[index] ?? 0,
    itemId,
    text: renderPrompt(document).text,
    fidelity: null,
  }));
}

/** Gives rows the texts that another row of the batch has of the same picture; what is left has to be read. */
function groupUnread(
  work: BatchWork,
  settings: BatchSettings,
  rows: readonly StoredRow[],
): { groups: Groups; ready: StoredRow[] } {
  const { batches } = work.services;
  const groups: Groups = new Map();
  const ready: StoredRow[] = [];
  for (const row of rows) {
    const { sha256 } = row;
    if (sha256 === null) continue;
    const known = {
      ...row,
      texts: lacksText(row, settings.lengths) ? batches.read.textsOfPicture(work.batchId, sha256) : row.texts,
    };
    if (lacksText(known, settings.lengths)) {
      groups.set(sha256, [...(groups.get(sha256) ?? []), row]);
      continue;
    }
    const finished = settings.draw === null || known.texts.every(({ fidelity }) => fidelity !== null);
    batches.keepTexts(work.batchId, row, known.texts, finished);
    if (!finished) ready.push(known);
  }
  return { groups, ready };
}

/** Fails a row that crashes the engine; the batch goes on with the others. */
export function failGuiltyRow({ services, batchId }: BatchWork, row: StoredRow, error: StudioError): void {
  services.batches.failRow(batchId, row, error.toBody());
  services.models.explainCrashes();
}

/** Where the engine crashes, the rows it had in hand are marked; one that was alone and is marked again is the cause and fails. */
function blame(work: BatchWork, unread: readonly StoredRow[], error: StudioError): void {
  const { batches } = work.services;
  const suspects = unread.slice(0, IN_HAND);
  batches.countCrash(suspects);
  const [only, ...others] = suspects;
  if (only !== undefined && others.length === 0 && only.crashes + 1 >= MOST_CRASHES) {
    failGuiltyRow(work, only, error);
  }
}

/**
 * Reads pictures of rows at every length and keeps each text as soon as it is there. A bad picture fails its rows and the
 * others go on. Returns the rows that have their texts and are still to be drawn; ends early when interrupted.
 *
 * @throws StudioError when nothing can be read at all; the signal's reason when paused
 */
export async function readBatchRows(
  work: BatchWork,
  settings: BatchSettings,
  rows: readonly StoredRow[],
  reuseSinceMs: number | null,
): Promise<readonly StoredRow[]> {
  const { services, batchId, pack, context, progress } = work;
  const { batches } = services;
  const { groups, ready } = groupUnread(work, settings, rows);
  const sha256s = [...groups.keys()];
  const showWorking = () =>
    batches.showWorking(
      batchId,
      [...groups.values()]
        .slice(0, SHOWN)
        .flat()
        .map(({ seq }) => seq),
    );
  const interruption = new AbortController();
  showWorking();
  progress.show('encoding');
  const receive = (index: number, image: EncodedImage): void => {
    const sha256 = sha256s[index] ?? '';
    for (const row of groups.get(sha256) ?? []) {
      if (image.error !== null) {
        batches.failRow(batchId, row, image.error);
        continue;
      }
      const texts = toTexts(image, settings.lengths);
      batches.keepTexts(batchId, row, texts, settings.draw === null);
      ready.push({ ...row, texts });
    }
    groups.delete(sha256);
    context.onKept();
    showWorking();
    progress.show('encoding');
    if (work.isInterrupted()) interruption.abort();
  };
  const { lengths, reader } = settings;
  const order = { pack, imageSha256s: sha256s, lengths, topK: null, reader, boards: [batchId], reuseSinceMs };
  const signal = AbortSignal.any([context.signal, interruption.signal]);
  try {
    await encodeEachPicture(services, order, { signal, log: context.log, onProgress: () => undefined }, receive);
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof StudioError && error.code === 'engine-crashed') blame(work, [...groups.values()].flat(), error);
    else if (!interruption.signal.aborted) throw error;
  }
  return inOrder(rows, ready);
}

/** Texts come as they are read; drawing goes on in the order of the rows. */
function inOrder(rows: readonly StoredRow[], ready: readonly StoredRow[]): readonly StoredRow[] {
  const bySeq = new Map(ready.map((row) => [row.seq, row]));
  return rows.flatMap(({ seq }) => bySeq.get(seq) ?? []);
}
