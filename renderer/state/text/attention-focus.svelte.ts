import type { Slot } from '../../../contract/prompt.ts';
import type { PatchGrid } from '../../../contract/reading.ts';
import { findBlindSpots } from './find-blind-spots.ts';
import type { BlindSpots } from './find-blind-spots.ts';
import type { Manuscript } from './manuscript.svelte.ts';
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
  #hoveredIds: readonly string[] = $state.raw([]);
  #caretIds: readonly string[] = $state.raw([]);
  #place: Place | null = $state.raw(null);
  readonly #manuscript: Manuscript;
  readonly #slots = $derived.by(() => {
    const ids = this.#hoveredIds.length > 0 ? this.#hoveredIds : this.#caretIds;
    return (this.#manuscript.document?.slots ?? []).filter((slot) => ids.includes(slot.id));
  });
  readonly #heat = $derived.by(() => heatOf(this.#slots, this.#manuscript.document?.patchGrid ?? null));
  readonly #blindSpots = $derived.by(() => findBlindSpots(this.#manuscript.words, this.#manuscript.document?.patchGrid ?? null));
  readonly #looked = $derived.by(() => this.#lookedAt());

  constructor(manuscript: Manuscript) {
    this.#manuscript = manuscript;
  }

  /** The tokens pointed at: under the pointer, or else at the caret. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }

  /** True while the pointer is over a word. */
  get hovering(): boolean {
    return this.#hoveredIds.length > 0;
  }

  get heat(): Heat | null {
    return this.#heat;
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

  hover(ids: readonly string[]): void {
    if (!sameIds(ids, this.#hoveredIds)) this.#hoveredIds = ids;
  }

  caret(ids: readonly string[]): void {
    if (!sameIds(ids, this.#caretIds)) this.#caretIds = ids;
  }

  pointAt(place: Place | null): void {
    if (place?.row !== this.#place?.row || place?.column !== this.#place?.column) this.#place = place;
  }

  #lookedAt(): Map<string, 1 | 2 | 3> {
    const looked = new Map<string, 1 | 2 | 3>();
    const { document } = this.#manuscript;
    const place = this.#place;
    if (document?.patchGrid == null || place === null) return looked;
    const patch = place.row * document.patchGrid.columns + place.column;
    const patches = document.patchGrid.rows * document.patchGrid.columns;
    for (const slot of document.slots) {
      const lift = (slot.attention?.[patch] ?? 0) * patches;
      if (lift >= noticedLift) looked.set(slot.id, lift >= noticedLift * 4 ? 3 : lift >= noticedLift * 2 ? 2 : 1);
    }
    return looked;
  }
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

/** The mean attention of slots, each weighed by its probability. */
function heatOf(slots: readonly Slot[], grid: PatchGrid | null): Heat | null {
  const seeing = slots.filter((slot) => slot.attention !== null);
  if (grid === null || seeing.length === 0) return null;
  const sums = new Array<number>(grid.rows * grid.columns).fill(0);
  for (const slot of seeing) {
    slot.attention?.forEach((share, patch) => {
      sums[patch] = (sums[patch] ?? 0) + share * (slot.probability ?? 1);
    });
  }
  const most = Math.max(...sums);
  if (most <= 0) return null;
  const peakPatch = sums.indexOf(most);
  return {
    grid,
    values: sums.map((sum) => sum / most),
    strength: Math.max(...seeing.map((slot) => slot.probability ?? 1)),
    peak: { row: Math.floor(peakPatch / grid.columns), column: peakPatch % grid.columns },
  };
}
