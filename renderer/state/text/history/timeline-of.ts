import type { HistoryEntry } from './history.svelte.ts';
import type { Generation } from '../../canvas/result-list.svelte.ts';
import type { Snapshot } from '../snapshot.ts';

/** One line of the history panel: a step that can be gone to, or pictures that were drawn. */
export type TimelineLine =
  | { readonly type: 'step'; readonly index: number; readonly label: string; readonly atMs: number; readonly text: string }
  | { readonly type: 'drawn'; readonly results: readonly Generation[]; readonly atMs: number };

/** Pictures of one job share their text and come one right after the other. */
const sameDrawingMs = 60_000;

/**
 * What was done with the picture on the canvas, newest first: the steps since it was opened, and what was drawn meanwhile.
 * @param textOf the running text of a snapshot's open version
 */
export function timelineOf(
  entries: readonly HistoryEntry<Snapshot>[],
  index: number,
  results: readonly Generation[],
  textOf: (snapshot: Snapshot) => string,
): TimelineLine[] {
  const pictureOf = (at: number): string | null => entries[at]?.state.picture?.itemId ?? null;
  let first = index;
  while (first > 0 && pictureOf(first - 1) === pictureOf(index)) first -= 1;
  let last = index;
  while (last < entries.length - 1 && pictureOf(last + 1) === pictureOf(index)) last += 1;
  const steps = entries.slice(first, last + 1).map((entry, offset): TimelineLine => ({
    type: 'step',
    index: first + offset,
    label: entry.label,
    atMs: entry.atMs,
    text: textOf(entry.state),
  }));
  const lines = [...steps, ...drawings(results)];
  // Steps of one moment keep their order.
  return lines
    .map((line, order) => ({ line, order }))
    .toSorted((a, b) => b.line.atMs - a.line.atMs || b.order - a.order)
    .map(({ line }) => line);
}

function drawings(results: readonly Generation[]): TimelineLine[] {
  const groups: Generation[][] = [];
  for (const item of results) {
    const group = groups.at(-1);
    const latest = group?.[0];
    const joins = latest?.recipe.text === item.recipe.text && latest.createdMs - item.createdMs < sameDrawingMs;
    if (joins && group !== undefined) group.push(item);
    else groups.push([item]);
  }
  return groups.map((group) => ({ type: 'drawn', results: group, atMs: group[0]?.createdMs ?? 0 }));
}
