import type { LibraryItem } from '../../contract/library.ts';
import { libraryItemSchema } from '../../contract/library.ts';
import { errorBodySchema, StudioError } from '../../contract/errors.ts';

/**
 * Posts an image's bytes to `/images`; the library keeps them under their sha256.
 * @throws StudioError with the core's reason when the bytes are no picture it takes.
 */
export async function uploadImage(origin: string, bytes: Blob, title: string, signal?: AbortSignal): Promise<LibraryItem> {
  const response = await fetch(`${origin}/images`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': bytes.type || 'application/octet-stream', 'x-title': encodeURIComponent(title) },
    ...(signal === undefined ? {} : { signal }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return libraryItemSchema.parse(answer);
  throw StudioError.fromBody(errorBodySchema.parse(answer));
}
