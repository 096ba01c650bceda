import { z } from 'zod';
import { idSchema } from '../../../contract/identity.ts';

/** How items are carried from the grid to a board; no other program knows it. */
export const draggedItemsType = 'application/x-dediffusion-items';

export function carriesItems(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(draggedItemsType) ?? false;
}

/** The picture that was last dragged out as a file: dropped on the page again it is not a new one. */
let lentSha256: string | null = null;

/** Call when a picture of the library is dragged out as a file. */
export function lendPicture(sha256: string): void {
  lentSha256 = sha256;
}

/** Whether a dropped file is the picture that was dragged out of the library. */
export async function isLentPicture(file: File): Promise<boolean> {
  // A page that is not secure cannot hash; the library then finds by itself that it holds the picture.
  if (lentSha256 === null || !globalThis.isSecureContext) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === lentSha256;
}

/** The ids a drop brings; none when it brings something else. */
export function readDraggedItems(event: DragEvent): readonly string[] {
  const text = event.dataTransfer?.getData(draggedItemsType) ?? '';
  if (text === '') return [];
  return z.array(idSchema).safeParse(JSON.parse(text)).data ?? [];
}
