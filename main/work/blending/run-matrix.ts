import { cutText } from '../../../contract/texts/cut-text.ts';
import type { Job } from '../../../contract/job.ts';
import type { MatrixRequest, MatrixResult } from '../../../contract/texts/matrix.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import { YIELDED } from '../../jobs/job-queue.ts';
import { blendTexts } from '../../language/blend-texts.ts';
import type { PromptItem } from '../../library/library.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import type { JobServices } from '../../services/job-services.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import { drawPictures } from '../draw-pictures.ts';
import { encodePictures } from '../encode-pictures.ts';
import { openJobPack } from '../open-job-pack.ts';
import { requireSeed } from '../require-seed.ts';
import { cellKey, orderSources, pairsOf, readMatrixBoard } from './matrix-board.ts';
import { limitOf, prepareBlend, presentBlend } from './prepare-blend.ts';

/** Reading and writing take moments beside drawing. */
const WEIGHTS = { reading: 2, writing: 1, drawing: 30 };
const mostTitleCharacters = 80;

interface MatrixWork {
  readonly services: JobServices;
  readonly job: Job;
  readonly request: MatrixRequest;
  readonly pack: ResolvedPack;
  readonly context: JobContext;
}

/**
 * Reads pictures, blends each with each other and draws the blends. What an earlier start of the job has kept is found on its board and not
 * made again.
 */
export async function runMatrix(
  services: JobServices,
  job: Job,
  request: MatrixRequest,
  context: JobContext,
): Promise<MatrixResult | typeof YIELDED> {
  const pack = await openJobPack(services, request.packId, context);
  const { id, createdMs } = job;
  await services.library.createBatchBoard({ id, createdMs, name: request.name });
  const progress = new WeightedProgress(context, WEIGHTS);
  const work = (part: keyof typeof WEIGHTS): MatrixWork => ({ services, job, request, pack, context: progress.part(part) });
  const errors = await readSources(work('reading'));
  const texts = await writeTexts(work('writing'));
  if (request.draw === null) return { kind: 'matrix', texts: texts.length, pictures: 0, errors };
  const pictures = await drawTexts(work('drawing'), request.draw, texts);
  return pictures === YIELDED ? YIELDED : { kind: 'matrix', texts: texts.length, pictures, errors };
}

async function readSources({ services, job, request, pack, context }: MatrixWork): Promise<MatrixResult['errors']> {
  const { sources } = readMatrixBoard(services.library, job.id, request);
  const imageSha256s = request.imageSha256s.filter((sha256) => !sources.has(sha256));
  if (imageSha256s.length === 0) return [];
  const order = { pack, imageSha256s, lengths: [request.length], topK: null, boards: [job.id], reuseSinceMs: null };
  const images = await encodePictures(services, order, context);
  return images.flatMap(({ imageSha256, error }) => (error === null ? [] : [{ imageSha256, error }]));
}

/** Both blends of every two texts, in the order of the pairs. */
async function writeTexts({ services, job, request, pack, context }: MatrixWork): Promise<readonly string[]> {
  const board = readMatrixBoard(services.library, job.id, request);
  const sources = orderSources(board, request);
  const pairs = pairsOf(sources.length);
  const itemIds: string[] = [];
  for (const [at, [row, column]] of pairs.entries()) {
    context.signal.throwIfAborted();
    const [a, b] = [sources[row], sources[column]];
    if (a === undefined || b === undefined) throw new Error('a pair of no matrix');
    const [ab, ba] = [board.texts.get(cellKey(a.id, b.id)), board.texts.get(cellKey(b.id, a.id))];
    if (ab !== undefined && ba !== undefined) itemIds.push(ab.id, ba.id);
    else itemIds.push(...(await writePair(services, { a, b }, { boardId: job.id, limit: limitOf(pack) })));
    context.onProgress({ fraction: (at + 1) / pairs.length, phase: 'saving', step: at + 1, steps: pairs.length });
  }
  return itemIds;
}

async function writePair(
  services: JobServices,
  { a, b }: { readonly a: PromptItem; readonly b: PromptItem },
  { boardId, limit }: { readonly boardId: string; readonly limit: number },
): Promise<readonly [string, string]> {
  const side = ({ id }: PromptItem) => ({ type: 'item', itemId: id }) as const;
  const prepared = await prepareBlend(services, { a: side(a), b: side(b), limit });
  const { aPlusB, bPlusA } = presentBlend(prepared, blendTexts(prepared.sides.a, prepared.sides.b, prepared.options));
  const keep = async ({ document: prompt, text }: typeof aPlusB, [object, scene]: readonly [PromptItem, PromptItem]) => {
    const title = cutText(`${object.title} + ${scene.title}`, mostTitleCharacters);
    const item = await services.library.addPrompt({
      prompt,
      text,
      title,
      parents: [object.id, scene.id],
      boards: [boardId],
    });
    return item.id;
  };
  return [await keep(aPlusB, [a, b]), await keep(bPlusA, [b, a])];
}

/** Draws what is not drawn yet; how many pictures there are then, or YIELDED when somebody waits who goes first. */
async function drawTexts(
  { services, job, request, pack, context }: MatrixWork,
  draw: NonNullable<MatrixRequest['draw']>,
  textIds: readonly string[],
): Promise<number | typeof YIELDED> {
  const { pictures } = readMatrixBoard(services.library, job.id, request);
  const progress = new WeightedProgress(context, { texts: textIds.length });
  for (const [at, textId] of textIds.entries()) {
    context.signal.throwIfAborted();
    if (pictures.has(textId)) continue;
    if (context.isLaneWanted()) return YIELDED;
    const item = services.library.getItem(textId);
    if (item.kind !== 'prompt') throw new Error(`the text of a cell is a ${item.kind}`);
    const order = {
      pack,
      tokens: collectTokens(item.prompt),
      text: item.text,
      settings: { ...requireSeed(draw), count: 1 },
      originalSha256: null,
      parents: [textId],
      boards: [job.id],
      reuseSinceMs: null,
    };
    await drawPictures(services, order, progress.span(at, 1));
    context.onKept();
  }
  return textIds.length;
}
