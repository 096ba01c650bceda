import { z } from 'zod';
import { idSchema } from '../../../contract/identity.ts';

/** How items are carried from the grid to a board; no other program knows it. */
export const draggedItemsType = 'application/x-dediffusion-items';

export function carriesItems(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(draggedItemsType) ?? false;
}

/** The ids a drop brings; none when it brings something else. */
export function readDraggedItems(event: DragEvent): readonly string[] {
  const text = event.dataTransfer?.getData(draggedItemsType) ?? '';
  if (text === '') return [];
  return z.array(idSchema).safeParse(JSON.parse(text)).data ?? [];
}
