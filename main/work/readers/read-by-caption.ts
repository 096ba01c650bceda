import { StudioError } from '../../../contract/errors.ts';
import type { CaptionChoice } from '../../../contract/texts/reader-choice.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';
import type { WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { ShownPicture } from '../../ports/captioner.ts';
import type { ReadOrder, ReadPicture } from '../../ports/reader.ts';
import type { RunContext } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import { toErrorBody } from '../../services/to-wire-error.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { writeFoundText } from './write-found-text.ts';

/** In pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Longest side of what a model is shown, in pixels: what such models look at, and little to send. */
const MOST_PIXELS = 768;

/**
 * Reads pictures by a model that writes captions: a language model that sees, behind a connection, or a pack. Its caption becomes a text of the pack's tokens without alternatives, at most
 * as long as was asked for: what a model writes beyond is left out, whole words at a time.
 *
 * @throws StudioError as Captioners.open does, and as a captioner's `describe` for what is wrong with more than one picture
 */
export async function* readByCaption(
  services: JobServices,
  pack: ResolvedPack,
  { connectionId }: CaptionChoice,
  { images, lengths }: ReadOrder,
  context: RunContext,
): AsyncGenerator<ReadPicture, void, undefined> {
  const captioner = await services.captioners.open(connectionId);
  const tokenizer = await services.tokenizers.take(pack);
  const { id: packId, version: packVersion } = pack.manifest;
  const steps = images.length * lengths.length;
  let step = 0;
  for (const [imageIndex, { source, imageSha256, region }] of images.entries()) {
    const texts: WrittenPrompt[] = [];
    let error: ReadPicture['error'] = null;
    try {
      const shown = await shrink(services, source, sizeOf(services, imageSha256, region), context.signal);
      for (const length of lengths) {
        context.onProgress({ fraction: step / steps, phase: 'encoding', step, steps });
        const caption = await captioner.describe(shown, length, ofOneStep(context));
        const alternatives = cutTokens(caption, length, tokenizer).map((tokenId) => [{ tokenId, probability: 1 }]);
        const facts = { packId, packVersion, imageSha256, method: 'caption' as const, model: captioner.model, tokenizer };
        texts.push(writeFoundText({ alternatives, locked: new Set(), length }, 1, facts));
        step += 1;
      }
    } catch (cause) {
      // What is wrong with one picture does not stop the others.
      const concernsOne = cause instanceof StudioError && (cause.code.startsWith('image-') || cause.code === 'answer-unreadable');
      if (!concernsOne) throw cause;
      error = toErrorBody(cause, services.logFailure);
    }
    yield { imageIndex, imageSha256, texts: error === null ? texts : [], error };
  }
}

/** Of what is read: of a part that was cut out, or of the whole picture. */
function sizeOf({ library }: JobServices, imageSha256: string, region: PictureRegion | undefined): Size {
  return region !== undefined && region.around === undefined ? region : library.getImage(imageSha256);
}

/** A caption has no steps of its own that anybody waits for: it is one of all. */
function ofOneStep({ signal, log }: RunContext): RunContext {
  return { signal, log, onProgress: () => undefined };
}

/** The picture as a PNG that is at most `MOST_PIXELS` wide and high, in its own shape. */
async function shrink(
  { pictures }: JobServices,
  source: string | Uint8Array,
  size: Size,
  signal: AbortSignal,
): Promise<ShownPicture> {
  const scale = Math.min(1, MOST_PIXELS / Math.max(size.width, size.height));
  const sideOf = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  const order = { width: sideOf(size.width), height: sideOf(size.height), resample: 'lanczos' as const, fit: 'stretch' as const };
  const pixels = await pictures.fit(source, order, { signal });
  return { png: await pictures.encodePng(pixels, { signal }), width: pixels.width, height: pixels.height };
}

/** The tokens of a text, at most so many; a word that does not fit whole is left out, unless it is the first. */
function cutTokens(text: string, length: number, tokenizer: Tokenizer): number[] {
  const tokenIds = tokenizer.encode(text.toLowerCase()).map(({ id }) => id);
  if (tokenIds.length <= length) return tokenIds;
  const cut = tokenIds.slice(0, length);
  const end = cut.findLastIndex((id) => tokenizer.tokenText(id).endsWord);
  return end < 0 ? cut : cut.slice(0, end + 1);
}
