import type { Batches } from '../../state/batch/batches.svelte.ts';

/** Moves the chosen rows past their neighbour above or below. Nothing moves where rows do not stand in their own order. */
export async function moveChosenRows(batches: Batches, batchId: string, by: -1 | 1): Promise<void> {
  const { rows } = batches;
  const { selection } = rows;
  const ids = [...selection.ids];
  const indexes = ids.map((id) => rows.indexOf(id)).filter((index) => index >= 0);
  if (!rows.inOrder || indexes.length === 0) return;
  const target = by < 0 ? Math.min(...indexes) - 1 : Math.max(...indexes) + 2;
  if (target < 0 || target > (rows.total ?? 0)) return;
  await batches.moveRows(batchId, ids, await rows.idAt(target));
  const { focus, focusId } = selection;
  if (focusId === null) return;
  if (ids.length === 1) selection.only(focus + by, focusId);
  else selection.range(focus + by, focusId, ids);
}
