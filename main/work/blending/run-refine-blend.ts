import { StudioError } from '../../../contract/errors.ts';
import type { PromptDocument, TokenSource } from '../../../contract/texts/prompt.ts';
import { alternativesAt } from '../../../contract/texts/reading.ts';
import type { Reading } from '../../../contract/texts/reading.ts';
import type { RefineBlendRequest, RefineBlendResult } from '../../../contract/texts/refine-blend.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import { placeWords } from '../../language/blend-by-place.ts';
import type { BlendSide } from '../../language/check-blend.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import { comparePrompts } from '../../prompt/compare-prompts.ts';
import type { FreePlace } from '../../prompt/find-free-places.ts';
import { putTokens } from '../../prompt/put-tokens.ts';
import { renderPrompt } from '../../prompt/render-prompt.ts';
import { toSearchPlaces } from '../../prompt/to-search-places.ts';
import type { JobServices } from '../../services/job-services.ts';
import type { CellWeights } from '../../text-to-image/judges/judge-texts.ts';
import { requireOwnText } from '../measure-texts.ts';
import { openJobPack } from '../open-job-pack.ts';
import { solveByLoss } from '../solving/solve-by-loss.ts';
import { findObjectPatches, outsideObjects } from './outside-objects.ts';
import { checkPrepared, limitOf, pairOf, prepareTexts } from './prepare-blend.ts';

/** A text as it was read from a picture. */
interface ReadText {
  readonly document: PromptDocument;
  readonly source: Extract<TokenSource, { type: 'reading' }>;
  readonly reading: Reading;
  readonly imageSha256: string;
}

/**
 * Tries the words that a blend has from its scene's picture against what else was read at their places. The decoder's loss on that picture
 * decides, outside of the objects of both texts: there the two pictures are to look alike (docs/decisions/0059-a-blend-is-refined-where-no-object-stands.md).
 *
 * @throws StudioError `bad-request` where the scene was not read from a whole picture, or no word of it may change; `pack-invalid` for a
 * decoder that was distilled; as prepareTexts does
 */
export async function runRefineBlend(
  services: JobServices,
  request: RefineBlendRequest,
  context: JobContext,
): Promise<RefineBlendResult> {
  const { document, objectDocument, sceneDocument, budget, seed } = request;
  const pack = await openJobPack(services, request.packId, context);
  for (const one of [document, sceneDocument]) requireOwnText(one, pack);
  const scene = await openReading(services, sceneDocument);
  if (scene === null) throw notRead();
  const texts = [objectDocument, sceneDocument].map((one) => ({ type: 'document' as const, document: one }));
  const { options, sides } = pairOf(await prepareTexts(services, texts, limitOf(pack)), 0, 1);
  const { subjects } = options;
  const places = findScenePlaces(document, scene, subjects);
  if (places.length === 0) throw nothingFree();
  const object = await openReading(services, objectDocument);
  const cells = weighOutside({ read: scene, side: sides.b }, object === null ? null : { read: object, side: sides.a }, subjects);

  const solving = { start: collectTokens(document), places: toSearchPlaces(document, places), budget };
  const judging = { pack, settings: {}, originalSha256: scene.imageSha256, seed, cells };
  const { tokenIds, loss } = await solveByLoss(services, { ...solving, ...judging }, context);
  if (loss === null) throw new Error('a search by loss without a loss');
  const tokenizer = await services.tokenizers.take(pack);
  const refined = putTokens(document, tokenIds, { places, source: scene.source }, tokenizer);
  return {
    kind: 'refine-blend',
    document: refined,
    comparison: comparePrompts(document, refined),
    checks: checkPrepared(renderPrompt(refined).text, sides.a, sides.b, options),
    loss,
  };
}

/** What a text was read from; null for one that was not, or only from a part of a picture. */
async function openReading({ library }: JobServices, document: PromptDocument): Promise<ReadText | null> {
  for (const source of document.sources) {
    if (source.type !== 'reading' || source.sha256 === null || source.imageSha256 === null) continue;
    if (source.region !== undefined || !library.readings.has(source.sha256)) continue;
    return { document, source, reading: await library.readings.read(source.sha256), imageSha256: source.imageSha256 };
  }
  return null;
}

/** The words of a blend that may change: free ones that were read from the scene's picture. None may become an object of its own. */
function findScenePlaces(
  { sources, slots }: PromptDocument,
  { source: { sha256 }, reading }: ReadText,
  subjects: ReadonlySet<string>,
): FreePlace[] {
  return slots.flatMap((slot, slotIndex): FreePlace[] => {
    const source = sources[slot.source];
    if (source?.type !== 'reading' || source.sha256 !== sha256 || slot.position === null) return [];
    if (slot.locked === true || slot.muted === true) return [];
    const isObject = (text: string): boolean => subjects.has(text.trim().toLowerCase());
    if (isObject(slot.text)) return [];
    const alternatives = alternativesAt(reading, slot.position).filter(({ text }) => !isObject(text));
    return [{ slotIndex, position: slot.position, alternatives }];
  });
}

interface ReadSide {
  readonly read: ReadText;
  readonly side: BlendSide;
}

/** What of the scene's picture counts: where the objects of neither text stand. An object that was not read from a picture has no place. */
function weighOutside(scene: ReadSide, object: ReadSide | null, subjects: ReadonlySet<string>): CellWeights {
  const objects = [scene, ...(object === null ? [] : [object])].flatMap(({ read, side }) => {
    const { objects } = placeWords(side.text, side.words, subjects);
    const patches = findObjectPatches({ ...read, objects });
    return patches === null ? [] : [{ grid: read.reading.patchGrid, patches }];
  });
  if (objects.length === 0) throw notLooked();
  return outsideObjects(scene.read.reading.patchGrid, objects);
}

function notRead(): StudioError {
  const hint = 'Choose a picture for the scene and let it be read, then blend again.';
  return new StudioError('bad-request', 'The scene of this blend was not read from a whole picture of the library.', hint);
}

function notLooked(): StudioError {
  const hint = "Read the pictures with the model's own encoder, then blend again.";
  return new StudioError('bad-request', 'Nobody knows where in the pictures the objects are.', hint);
}

function nothingFree(): StudioError {
  const message = "No word of this blend may change: none comes from the scene's picture, or all of those are locked.";
  return new StudioError('bad-request', message, 'Unlock a word, or blend texts that were read from pictures.');
}
