import type { Slot } from '../../../contract/texts/prompt.ts';
import type { PatchGrid, PictureRegion } from '../../../contract/texts/reading.ts';
import { findBlindSpots } from './find-blind-spots.ts';
import type { BlindSpots } from './find-blind-spots.ts';
import { partOf } from './reading-cache.svelte.ts';
import type { ReadingCache } from './reading-cache.svelte.ts';
import type { OpenWork } from './open-work.svelte.ts';
import { noticedLift } from '../canvas/noticed-lift.ts';

/** A patch of the picture, counted from the top left. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** How much the picture at each patch was looked at, 0..1 with 1 at the most looked at, row-major. */
export interface Heat {
  readonly grid: PatchGrid;
  readonly values: readonly number[];
  /** Probability of the pointed-at tokens, 0..1: how strongly the heat is shown. */
  readonly strength: number;
  readonly peak: Place;
}

/** What is pointed at, in the words or in the picture, and what that means on the other side. */
export class AttentionFocus {
  /** A key is held that shows what the word at the caret looked at. */
  held = $state(false);
  #hoveredIds: readonly string[] = $state.raw([]);
  #caretIds: readonly string[] = $state.raw([]);
  #place: Place | null = $state.raw(null);
  readonly #work: OpenWork;
  readonly #readings: ReadingCache;
  readonly #slots = $derived.by(() => {
    const ids = this.#hoveredIds.length > 0 ? this.#hoveredIds : this.#caretIds;
    return (this.#work.document?.slots ?? []).filter((slot) => ids.includes(slot.id));
  });
  readonly #grid = $derived.by(() => this.#readings.grid(this.#work.document));
  /** The part that the first of the tokens pointed at was read from. */
  readonly #part = $derived.by(() => this.partOf(this.#slots[0]));
  readonly #heat = $derived.by(() => this.heatFor(this.#slots));
  readonly #blindSpots = $derived.by(() => findBlindSpots(this.#work.words, this.#grid, (slot) => this.#mapOf(slot)));
  readonly #looked = $derived.by(() => this.#lookedAt());

  constructor(work: OpenWork, readings: ReadingCache) {
    this.#work = work;
    this.#readings = readings;
  }

  /** The tokens pointed at: under the pointer, or else at the caret. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }

  /** True while the pointer is over a word. */
  get hovering(): boolean {
    return this.#hoveredIds.length > 0;
  }

  /** The patches of the picture the open text was read from; null while they are not known. */
  get grid(): PatchGrid | null {
    return this.#grid;
  }

  get heat(): Heat | null {
    return this.#heat;
  }

  /** The part of the picture that the heat lies over; null for all of it. */
  get part(): PictureRegion | null {
    return this.#part;
  }

  /** Where no content word of the open text looks; null when none of them was read from the picture. */
  get blindSpots(): BlindSpots | null {
    return this.#blindSpots;
  }

  get place(): Place | null {
    return this.#place;
  }

  /** For the place pointed at in the picture: slot id → 1 (a little) to 3 (most of all). */
  get looked(): ReadonlyMap<string, 1 | 2 | 3> {
    return this.#looked;
  }

  /** What tokens looked at together; of those of several parts, what was read in the part of the first. Null where none looked. */
  heatFor(slots: readonly Slot[]): Heat | null {
    const [first] = slots;
    if (first === undefined) return null;
    const { document } = this.#work;
    const part = this.partOf(first);
    // Patches of another part say nothing of this one.
    const seeing = slots
      .filter((slot) => isSamePart(this.partOf(slot), part))
      .flatMap((slot) => {
        const map = this.#readings.attention(document, slot);
        return map === null ? [] : [{ map, probability: slot.probability ?? 1 }];
      });
    return heatOf(seeing, part === null ? this.#grid : this.#readings.gridOf(document, first));
  }

  hover(ids: readonly string[]): void {
    if (!sameIds(ids, this.#hoveredIds)) this.#hoveredIds = ids;
  }

  caret(ids: readonly string[]): void {
    if (!sameIds(ids, this.#caretIds)) this.#caretIds = ids;
  }

  pointAt(place: Place | null): void {
    if (place?.row !== this.#place?.row || place?.column !== this.#place?.column) this.#place = place;
  }

  /** The part of the picture that a token was read from alone; null for all of it. */
  partOf(slot: Slot | undefined): PictureRegion | null {
    return slot === undefined ? null : partOf(this.#work.document?.sources[slot.source]);
  }

  /** Of the patches of the whole picture: what was read in a part alone looked at others. */
  #mapOf(slot: Slot): Float32Array | null {
    return this.partOf(slot) === null ? this.#readings.attention(this.#work.document, slot) : null;
  }

  #lookedAt(): Map<string, 1 | 2 | 3> {
    const looked = new Map<string, 1 | 2 | 3>();
    const { document } = this.#work;
    const place = this.#place;
    const grid = this.#grid;
    if (document === null || grid === null || place === null) return looked;
    const patch = place.row * grid.columns + place.column;
    const patches = grid.rows * grid.columns;
    for (const slot of document.slots) {
      const lift = (this.#mapOf(slot)?.[patch] ?? 0) * patches;
      if (lift >= noticedLift) looked.set(slot.id, lift >= noticedLift * 4 ? 3 : lift >= noticedLift * 2 ? 2 : 1);
    }
    return looked;
  }
}

function isSamePart(one: PictureRegion | null, other: PictureRegion | null): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

/** The mean attention of slots, each weighed by its probability. */
function heatOf(seeing: readonly { map: Float32Array; probability: number }[], grid: PatchGrid | null): Heat | null {
  if (grid === null || seeing.length === 0) return null;
  const sums = new Array<number>(grid.rows * grid.columns).fill(0);
  for (const { map, probability } of seeing) {
    map.forEach((share, patch) => {
      sums[patch] = (sums[patch] ?? 0) + share * probability;
    });
  }
  const most = Math.max(...sums);
  if (most <= 0) return null;
  const peakPatch = sums.indexOf(most);
  return {
    grid,
    values: sums.map((sum) => sum / most),
    strength: Math.max(...seeing.map(({ probability }) => probability)),
    peak: { row: Math.floor(peakPatch / grid.columns), column: peakPatch % grid.columns },
  };
}
