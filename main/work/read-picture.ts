import { StudioError } from '../../contract/errors.ts';
import type { WrittenPrompt } from '../image-to-text/write-prompt-document.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { RunContext } from '../running/run-context.ts';
import type { JobServices } from '../services/job-services.ts';

/** Reads one picture of the library at one length and keeps nothing. Throws as encodePictures does, and why it cannot be read. */
export async function readPicture(
  services: JobServices,
  pack: ResolvedPack,
  { imageSha256, length }: { readonly imageSha256: string; readonly length: number },
  context: RunContext,
): Promise<WrittenPrompt> {
  const images = [{ source: services.library.getImagePath(imageSha256), imageSha256 }];
  const order = { images, lengths: [length], topK: null };
  let read: WrittenPrompt | undefined;
  for await (const { texts, error } of services.models.reader(pack).read(order, context)) {
    if (error !== null) throw StudioError.fromBody(error);
    [read] = texts;
  }
  if (read === undefined) throw new Error('no text for the picture');
  return read;
}
