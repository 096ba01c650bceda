import { SvelteMap } from 'svelte/reactivity';
import type { ErrorBody } from '../../../contract/errors.ts';
import { originOf, readingOf } from '../../../contract/texts/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../../contract/texts/prompt.ts';
import { alternativesAt, attentionAt, attentionOne, decodeReading } from '../../../contract/texts/reading.ts';
import type { Alternative, PatchGrid, PictureRegion, Reading } from '../../../contract/texts/reading.ts';
import { toErrorBody } from '../../client/to-error-body.ts';

/** What is known of a reading: it is on its way, it came, or why it did not. */
export type ReadingState =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly reading: Reading }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** The part of a picture whose patches a reading speaks of; null where they are those of the whole picture. */
export function partOf(source: TokenSource | undefined): PictureRegion | null {
  if (source?.type !== 'reading' || source.region === undefined || source.region.around === true) return null;
  return source.region;
}

/** About twenty kilobytes each. */
const mostKept = 500;

/**
 * What readers saw in pictures, by name. Each reading is fetched when it is first asked for and kept: it never changes.
 * Asking is reactive: who asked while it was on its way is told when it came.
 */
export class ReadingCache {
  readonly #fetch: (sha256: string) => Promise<Uint8Array>;
  readonly #states = new SvelteMap<string, ReadingState>();
  readonly #asked = new Set<string>();

  constructor(fetch: (sha256: string) => Promise<Uint8Array>) {
    this.#fetch = fetch;
  }

  /** The reading a token was read from; null for a token that has none. */
  find(document: PromptDocument | null, slot: Slot): ReadingState | null {
    const place = document === null ? null : readingOf(document, slot);
    return place === null ? null : this.#get(place.sha256);
  }

  /** What was read at a token's place, the chosen token first; empty while that is not known. */
  alternatives(document: PromptDocument | null, slot: Slot): readonly Alternative[] {
    const state = this.find(document, slot);
    return state?.type === 'ready' && slot.position !== null ? alternativesAt(state.reading, slot.position) : [];
  }

  /** Where in the document's own picture a token looked: a share of 0..1 a patch, row-major; null while that is not known. */
  attention(document: PromptDocument | null, slot: Slot): Float32Array | null {
    if (document === null || originOf(document, slot) !== 'imageA') return null;
    const state = this.find(document, slot);
    if (state?.type !== 'ready' || slot.position === null) return null;
    const shares = attentionAt(state.reading, slot.position);
    return shares === null ? null : Float32Array.from(shares, (share) => share / attentionOne);
  }

  /** The patches of what a token was read from: of the picture, or of the part of it that was read alone; null while they are not known. */
  gridOf(document: PromptDocument | null, slot: Slot): PatchGrid | null {
    const state = this.find(document, slot);
    return state?.type === 'ready' ? state.reading.patchGrid : null;
  }

  /** The patches of the document's own picture, where all of it was read; null while they are not known. */
  grid(document: PromptDocument | null): PatchGrid | null {
    const own = document?.sources.find(
      (one) => one.type === 'reading' && one.imageSha256 === document.imageSha256 && partOf(one) === null,
    );
    if (own?.type !== 'reading' || own.sha256 === null) return null;
    const state = this.#get(own.sha256);
    return state.type === 'ready' ? state.reading.patchGrid : null;
  }

  /** Fetches a reading again that could not be had. */
  retry(document: PromptDocument | null, slot: Slot): void {
    const place = document === null ? null : readingOf(document, slot);
    if (place === null || this.#states.get(place.sha256)?.type !== 'failed') return;
    this.#states.delete(place.sha256);
    this.#asked.delete(place.sha256);
  }

  #get(sha256: string): ReadingState {
    const known = this.#states.get(sha256);
    if (known !== undefined) return known;
    if (!this.#asked.has(sha256)) {
      this.#asked.add(sha256);
      void this.#load(sha256);
    }
    return { type: 'loading' };
  }

  async #load(sha256: string): Promise<void> {
    try {
      const reading = decodeReading(await this.#fetch(sha256));
      this.#states.set(sha256, { type: 'ready', reading });
    } catch (failure) {
      this.#states.set(sha256, { type: 'failed', error: toErrorBody(failure) });
    }
    const [oldest] = this.#states.keys();
    if (this.#states.size > mostKept && oldest !== undefined) {
      this.#states.delete(oldest);
      this.#asked.delete(oldest);
    }
  }
}
