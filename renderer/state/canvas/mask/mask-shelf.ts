import type { StudioError } from '../../../../contract/errors.ts';
import { readRecord, writeRecord } from '../../../../contract/record.ts';
import type { BrowserStore } from '../../core/browser-store.ts';
import { besideNewer, findNewer } from '../../core/find-newer.ts';
import { masksRecord } from './mask-record.ts';
import type { PictureMask } from './mask-record.ts';

const masksKey = 'dediffusion.masks.1';
/** Masks that are kept, fewer where there is less room. */
const keptMasks = [8, 3, 1];

/** Masks in the browser's store, so that a reload loses none. */
export class MaskShelf {
  /** Why what lies in the store is neither read nor written over: a later studio left it. Null where there is nothing like that. */
  readonly newer: StudioError | null;
  readonly #store: BrowserStore;
  readonly #key: string;

  constructor(store: BrowserStore) {
    this.#store = store;
    this.newer = findNewer(masksRecord, store.read(masksKey));
    this.#key = this.newer === null ? masksKey : besideNewer(masksKey);
  }

  /** @param masks the newest first */
  write(masks: readonly PictureMask[]): void {
    const texts = keptMasks.map((most) => JSON.stringify(writeRecord(masksRecord, { masks: masks.slice(0, most) })));
    this.#store.writeFirstThatFits(this.#key, texts);
  }

  /** What was left; none where that cannot be read. */
  read(): readonly PictureMask[] {
    const text = this.#store.read(this.#key);
    if (text === null) return [];
    try {
      return readRecord(masksRecord, JSON.parse(text)).masks;
    } catch {
      // Kept under another name, so that nothing a person painted is thrown away.
      this.#store.rename(this.#key, `${this.#key}.unreadable`);
      return [];
    }
  }
}
