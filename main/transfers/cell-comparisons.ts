import type { ErrorBody } from '../../contract/errors.ts';
import type { TransferPlace, TransferRow } from '../../contract/transfer.ts';
import type { Similarity } from '../likeness/similarity.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { ChangeAnnouncer } from '../running/change-announcer.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import type { TransferStore } from './transfer-store.ts';

export interface CellComparisonOptions {
  readonly store: TransferStore;
  readonly similarity: Pick<Similarity, 'compare'>;
  readonly announcer: ChangeAnnouncer;
  readonly log: (message: string) => void;
  readonly explain: (cause: unknown) => ErrorBody;
}

/** Longest text that a scorer is given; it reads a few dozen words of it. */
const MOST_TEXT = 1_000;

/** The running text of a row's prompt. */
export function textOf({ prompt }: Pick<TransferRow, 'prompt'>): string {
  return prompt.type === 'text' ? prompt.text.trim() : renderPrompt(prompt.document).text;
}

/** Compares drawn pictures with their originals, one after the other, so that a grid that fills does not crowd the scorer. */
export class CellComparisons {
  readonly #parts: CellComparisonOptions;
  readonly #turns = new SerialQueue();
  #closed = false;

  constructor(parts: CellComparisonOptions) {
    this.#parts = parts;
  }

  /** Keeps the score when it is there. A picture that cannot be compared stays, and says why. */
  compare(transferId: string, place: TransferPlace): void {
    this.#turns
      .run(() => this.#compare(transferId, place))
      .catch((cause: unknown) => {
        if (!this.#closed) this.#parts.log(`A comparison could not be kept: ${String(cause)}`);
      });
  }

  /** What is not compared by now is compared after the next start. */
  close(): void {
    this.#closed = true;
  }

  async #compare(transferId: string, place: TransferPlace): Promise<void> {
    const { store, similarity, announcer, explain } = this.#parts;
    if (!this.#isWanted(transferId)) return;
    const { rows, scorerPackId } = store.get(transferId).order;
    const row = rows[place.row];
    const { sha256 } = store.cell(transferId, place);
    if (row === undefined || sha256 === null) return;
    const like =
      row.originalSha256 === null
        ? { type: 'text' as const, text: textOf(row).slice(0, MOST_TEXT) }
        : { type: 'image' as const, sha256: row.originalSha256 };
    const outcome = await similarity.compare(like, sha256, scorerPackId).then(
      (score) => ({ score, error: null }),
      // Whatever an engine that is ended says is nothing to write down: the log may be closed by now.
      (cause: unknown) => (this.#closed ? null : { score: null, error: explain(cause) }),
    );
    if (outcome === null || !this.#isWanted(transferId)) return;
    store.change(transferId, place, outcome);
    announcer.announce(transferId);
  }

  /** A transfer may be removed, and the studio closed, at any moment. */
  #isWanted(transferId: string): boolean {
    return !this.#closed && this.#parts.store.list().some(({ id }) => id === transferId);
  }
}
