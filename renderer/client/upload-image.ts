import type { LibraryItem } from '../../contract/library.ts';
import { libraryItemSchema } from '../../contract/library.ts';
import { errorBodySchema, StudioError } from '../../contract/errors.ts';

/**
 * Posts an image's bytes to `/images`; the library keeps them under their sha256.
 *
 * @param parentId the library item it was made from; null for one that comes from elsewhere
 * @throws StudioError with the core's reason when the bytes are no picture it takes.
 */
export async function uploadImage(
  origin: string,
  bytes: Blob,
  title: string,
  parentId: string | null = null,
): Promise<LibraryItem> {
  const response = await fetch(`${origin}/images`, {
    method: 'POST',
    body: bytes,
    headers: {
      'content-type': bytes.type || 'application/octet-stream',
      'x-title': encodeURIComponent(title),
      ...(parentId === null ? {} : { 'x-parent': parentId }),
    },
  });
  const answer: unknown = await response.json();
  if (response.ok) return libraryItemSchema.parse(answer);
  throw StudioError.fromBody(errorBodySchema.parse(answer));
}
