import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { attentionAt } from '../../../contract/texts/reading.ts';
import type { PatchGrid, Reading } from '../../../contract/texts/reading.ts';
import { visibleWords } from '../../../contract/texts/words.ts';
import type { CellWeights } from '../../text-to-image/judges/judge-texts.ts';

/** A text that was read from a picture, and which of its words name objects. */
export interface ReadObjects {
  readonly document: PromptDocument;
  readonly reading: Reading;
  /** Places among the visible words of the document. */
  readonly objects: readonly number[];
}

/** A patch is an object's where one of its words looks this many times as much as at a patch on average. */
const OBJECT_SHARE = 2;

/** Where the words of objects looked, a map each. */
function mapsOf({ document, reading, objects }: ReadObjects): Uint16Array[] {
  const words = visibleWords(document.slots);
  const slots = objects.flatMap((at) => words[at]?.slotIndices ?? []).flatMap((at) => document.slots[at] ?? []);
  return slots.map(({ position }) => (position === null ? null : attentionAt(reading, position))).filter((map) => map !== null);
}

/** Which patches show the objects that a text names, row-major; null where the reader does not say where it looked. */
export function findObjectPatches(read: ReadObjects): readonly boolean[] | null {
  const maps = mapsOf(read);
  if (maps.length === 0) return null;
  const { rows, columns } = read.reading.patchGrid;
  const least = maps.map((map) => (OBJECT_SHARE * map.reduce((sum, share) => sum + share, 0)) / map.length);
  return Array.from({ length: rows * columns }, (_, patch) => maps.some((map, at) => (map[patch] ?? 0) >= (least[at] ?? 0)));
}

/** What of a picture counts when the objects of each of these grids are left out: the first grid's patches, 1 or 0. */
export function outsideObjects(
  grid: PatchGrid,
  objects: readonly { readonly grid: PatchGrid; readonly patches: readonly boolean[] }[],
): CellWeights {
  const { rows, columns } = grid;
  const isObject = (row: number, column: number): boolean =>
    objects.some(({ grid: other, patches }) => {
      const y = Math.floor(((row + 0.5) / rows) * other.rows);
      const x = Math.floor(((column + 0.5) / columns) * other.columns);
      return patches[y * other.columns + x] === true;
    });
  const weights = Float32Array.from({ length: rows * columns }, (_, at) =>
    isObject(Math.floor(at / columns), at % columns) ? 0 : 1,
  );
  return { rows, columns, weights };
}
