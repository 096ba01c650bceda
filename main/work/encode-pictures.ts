import { isDeepStrictEqual } from 'node:util';
import { StudioError } from '../../contract/errors.ts';
import { MOST_WITH_DOCUMENTS } from '../../contract/job.ts';
import type { EncodedImage } from '../../contract/job.ts';
import { methodOf, regionOf } from '../../contract/texts/prompt.ts';
import { methodAskedFor } from '../../contract/texts/reader-choice.ts';
import type { ReaderChoice } from '../../contract/texts/reader-choice.ts';
import { pictureRegionSchema } from '../../contract/texts/reading.ts';
import type { PictureRegion } from '../../contract/texts/reading.ts';
import type { Library, PromptItem } from '../library/library.ts';
import type { WrittenPrompt } from '../image-to-text/write-prompt-document.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { ReadOrder, ReadPicture } from '../ports/reader.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { RunContext } from '../running/run-context.ts';
import type { JobServices } from '../services/job-services.ts';
import { toErrorBody } from '../services/to-wire-error.ts';
import { openReader } from './readers/open-reader.ts';
import { cropPicture, placeInRegion } from './readers/read-region.ts';

export interface EncodeOrder {
  readonly pack: ResolvedPack;
  readonly imageSha256s: readonly string[];
  readonly lengths: readonly number[];
  readonly topK: number | null;
  /** Absent: the pack's own encoder. */
  readonly reader?: ReaderChoice | undefined;
  /** The part of each picture that is read; absent: all of it. */
  readonly region?: PictureRegion | undefined;
  /** Boards of the library that the texts lie on from the start. */
  readonly boards: readonly string[];
  /** Texts of these pictures that were saved since this time are taken as they are: a job that starts again does no work twice. */
  readonly reuseSinceMs: number | null;
}

const ownEncoder: ReaderChoice = { method: 'encoder' };

/** Pictures whose texts may wait for the disk while the reader goes on. */
const SAVES_AHEAD = 8;

/** Parts of pictures lie in memory until they are read. */
const MOST_REGIONS = MOST_WITH_DOCUMENTS;

type Saved = EncodedImage['documents'][number];

function savePrompt(
  library: Library,
  { document, reading }: WrittenPrompt,
  imageSha256: string,
  boards: readonly string[],
): Promise<PromptItem> {
  const pictures = library.findItemsOfImage(imageSha256);
  return library.addPrompt({
    prompt: document,
    text: renderPrompt(document).text,
    title: pictures[0]?.title ?? '',
    parents: pictures.map(({ id }) => id),
    boards,
    reading,
  });
}

function tooManyRegions(): StudioError {
  const message = `A part is read of at most ${MOST_REGIONS} pictures at once.`;
  return new StudioError('bad-request', message, 'Read fewer pictures at a time.', { most: MOST_REGIONS });
}

function isSameRegion(one: PictureRegion | null, other: PictureRegion | null): boolean {
  if (one === null || other === null) return one === other;
  return isDeepStrictEqual(pictureRegionSchema.parse(one), pictureRegionSchema.parse(other));
}

function toImage(imageSha256: string, documents: readonly Saved[], error: EncodedImage['error']): EncodedImage {
  return { imageSha256, itemIds: documents.map(({ itemId }) => itemId), documents: [...documents], error };
}

/** What an earlier start of the same job saved for a picture: one document a length, or null when any is missing. */
function findEarlier(library: Library, imageSha256: string, order: EncodeOrder): readonly Saved[] | null {
  const since = order.reuseSinceMs;
  if (since === null) return null;
  const texts = library
    .findItemsOfImage(imageSha256)
    .flatMap(({ id }) => library.getLineage(id).descendants)
    .filter((item) => item.kind === 'prompt')
    .filter(
      (item) =>
        item.createdMs >= since && item.prompt.packId === order.pack.manifest.id && item.prompt.imageSha256 === imageSha256,
    )
    .filter(({ prompt }) => methodOf(prompt) === methodAskedFor(order.reader ?? ownEncoder))
    .filter(({ prompt }) => isSameRegion(regionOf(prompt), order.region ?? null));
  const found = order.lengths.map((length) => texts.find((item) => item.prompt.length === length));
  if (found.includes(undefined)) return null;
  const saved = found.flatMap((item) => (item === undefined ? [] : [library.getItem(item.id)]));
  return saved.flatMap((item) => (item.kind === 'prompt' ? [{ itemId: item.id, document: item.prompt }] : []));
}

/**
 * Reads pictures of the library and keeps their texts in it. `receive` gets one result a picture, by its index, as soon as
 * it is kept; a picture that cannot be read carries its error and the others go on.
 *
 * @throws StudioError when nothing can be read at all (no reader, no such length, engine gone); the signal's reason when cancelled.
 */
export async function encodeEachPicture(
  services: JobServices,
  order: EncodeOrder,
  context: RunContext,
  receive: (index: number, image: EncodedImage) => void,
): Promise<void> {
  const { library } = services;
  const reader = openReader(services, order.pack, order.reader ?? ownEncoder);
  const { region } = order;
  if (region !== undefined && order.imageSha256s.length > MOST_REGIONS) throw tooManyRegions();
  const images: ReadOrder['images'][number][] = [];
  const places: number[] = [];
  for (const [index, imageSha256] of order.imageSha256s.entries()) {
    const earlier = findEarlier(library, imageSha256, order);
    if (earlier !== null) {
      receive(index, toImage(imageSha256, earlier, null));
      continue;
    }
    try {
      if (region === undefined) images.push({ source: library.getImagePath(imageSha256), imageSha256 });
      else images.push({ source: await cropPicture(services, imageSha256, region, context.signal), imageSha256, region });
      places.push(index);
    } catch (error) {
      context.signal.throwIfAborted();
      receive(index, toImage(imageSha256, [], toErrorBody(error, services.logFailure)));
    }
  }

  const save = async (encoded: ReadPicture, imageSha256: string, index: number): Promise<void> => {
    const documents: Saved[] = [];
    for (const read of encoded.texts) {
      const text = region === undefined ? read : placeInRegion(read, region);
      const { id: itemId } = await savePrompt(library, text, imageSha256, order.boards);
      documents.push({ itemId, document: text.document, ...(text.loss === undefined ? {} : { loss: text.loss }) });
    }
    receive(index, toImage(imageSha256, documents, encoded.error));
  };

  const { lengths, topK } = order;
  let saves: Promise<void>[] = [];
  try {
    for await (const encoded of images.length > 0 ? reader({ images, lengths, topK }, context) : []) {
      const place = places[encoded.imageIndex];
      const imageSha256 = images[encoded.imageIndex]?.imageSha256;
      if (place === undefined || imageSha256 === undefined)
        throw new Error(`the reader named image ${encoded.imageIndex}, which it was not given`);
      const saving = save(encoded, imageSha256, place);
      // Awaited below; without a listener until then, a full disk would end the process.
      saving.catch(() => undefined);
      saves.push(saving);
      if (saves.length < SAVES_AHEAD) continue;
      await saves[0];
      saves = saves.slice(1);
    }
  } catch (error) {
    await Promise.allSettled(saves);
    throw error;
  }
  await Promise.all(saves);
}

/** A result as it is held until all are there: in a job of many pictures without its documents, which the library has. */
export function lightenImage(image: EncodedImage, pictures: number): EncodedImage {
  return pictures > MOST_WITH_DOCUMENTS ? { ...image, documents: [] } : image;
}

/** All of them, in the order asked for; see encodeEachPicture. More than MOST_WITH_DOCUMENTS come without their documents. */
export async function encodePictures(
  services: JobServices,
  order: EncodeOrder,
  context: RunContext,
): Promise<readonly EncodedImage[]> {
  const results = new Map<number, EncodedImage>();
  await encodeEachPicture(services, order, context, (index, image) =>
    results.set(index, lightenImage(image, order.imageSha256s.length)),
  );
  return order.imageSha256s.map((_, index) => {
    const result = results.get(index);
    if (result === undefined) throw new Error('an image without a result');
    return result;
  });
}
