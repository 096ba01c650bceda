import { MOST_WITH_DOCUMENTS } from '../../../../contract/job.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { Studio } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';
import { imageError } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { runJob } from '../run-job.ts';
import { addFiles } from './add-images.ts';
import { askReader, chooseLength } from './choose-length.ts';
import { choosePack } from './choose-pack.ts';
import type { PromptWish } from './find-prompt.ts';

export interface ReadPicture {
  readonly path: string;
  readonly sha256: string;
  readonly document: PromptDocument;
}

/** Some pictures that were read, and those that could not be. */
export interface ReadPictures {
  readonly pictures: readonly ReadPicture[];
  readonly errors: readonly ImageError[];
}

/**
 * Reads many picture files with one pack, at one length; a part at a time, so that memory does not grow with their number.
 *
 * @throws StudioError as choosePack and the job do; UsageError for a length the pack does not read
 */
export async function* readDocuments(
  paths: readonly string[],
  wish: PromptWish,
  studio: Studio,
  context: CommandContext,
): AsyncGenerator<ReadPictures, void, void> {
  const { id: packId } = await choosePack(studio.client, wish.packId, ['encoder']);
  const length = chooseLength(await askReader(studio.client, packId), wish.length);
  for (let from = 0; from < paths.length; from += MOST_WITH_DOCUMENTS) {
    const some = paths.slice(from, from + MOST_WITH_DOCUMENTS);
    const { images, errors } = await addFiles(some, studio, context);
    const label = paths.length > MOST_WITH_DOCUMENTS ? `${from + 1} to ${from + some.length} of ${paths.length}` : '';
    const imageSha256s = images.map(({ sha256 }) => sha256);
    const read =
      images.length === 0
        ? []
        : (await runJob(studio.client, { kind: 'encode', packId, imageSha256s, lengths: [length] }, label, context)).images;
    const pictures = images.flatMap((image, at) => {
      const document = read[at]?.documents[0]?.document;
      return document === undefined ? [] : [{ ...image, document }];
    });
    const unread = images.flatMap(({ path }, at) => {
      const error = read[at]?.error ?? null;
      return error === null ? [] : [imageError(path, error)];
    });
    yield { pictures, errors: [...errors, ...unread] };
  }
}
