import { StudioError } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { builtInWriter, usualLanguage } from '../../../contract/texts/blend.ts';
import type { Blend, BlendedText } from '../../../contract/texts/blend.ts';
import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import type { Job } from '../../../contract/job.ts';
import type { MatrixRequest, MatrixResult } from '../../../contract/texts/matrix.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import { YIELDED } from '../../jobs/job-queue.ts';
import type { PromptItem } from '../../library/library.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import type { JobServices } from '../../services/job-services.ts';
import type { RefusedPairs } from '../../services/unfinished-work.ts';
import { toErrorBody } from '../../services/to-wire-error.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import { drawPictures } from '../draw-pictures.ts';
import { encodePictures } from '../encode-pictures.ts';
import { openJobPack } from '../open-job-pack.ts';
import { requireSeed } from '../require-seed.ts';
import { cellKey, orderSources, pairsOf, readMatrixBoard } from './matrix-board.ts';
import { limitOf, pairOf, prepareTexts } from './prepare-blend.ts';
import type { PreparedBlend } from './prepare-blend.ts';
import { streamPrepared } from './stream-blend.ts';

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
  const unread = await readSources(work('reading'));
  const written = await writeTexts(work('writing'));
  if (written === YIELDED) return YIELDED;
  const errors = [...unread, ...written.errors];
  const texts = written.ids.length;
  const pictures = request.draw === null ? 0 : await drawTexts(work('drawing'), request.draw, written.ids);
  if (pictures === YIELDED) return YIELDED;
  await services.unfinishedMatrices.drop(id);
  return { kind: 'matrix', texts, pictures, errors };
}

async function readSources({ services, job, request, pack, context }: MatrixWork): Promise<MatrixResult['errors']> {
  const { sources } = readMatrixBoard(services.library, job.id, request);
  const imageSha256s = request.imageSha256s.filter((sha256) => !sources.has(sha256));
  if (imageSha256s.length === 0) return [];
  const order = { pack, imageSha256s, lengths: [request.length], topK: null, boards: [job.id], reuseSinceMs: null };
  const images = await encodePictures(services, order, context);
  return images.flatMap(({ imageSha256, error }) => (error === null ? [] : [{ imageSha256, error }]));
}

interface WrittenTexts {
  /** Of the items, in the order of the pairs. */
  readonly ids: readonly string[];
  readonly errors: MatrixResult['errors'];
}

/** Both blends of every two texts; YIELDED when somebody waits who goes before a language model's next answer. */
async function writeTexts({ services, job, request, pack, context }: MatrixWork): Promise<WrittenTexts | typeof YIELDED> {
  const board = readMatrixBoard(services.library, job.id, request);
  const sources = orderSources(board, request);
  if (sources.length < 2) return { ids: [], errors: [] };
  const sides = sources.map(({ id }) => ({ type: 'item' as const, itemId: id }));
  const prepared = await prepareTexts(services, sides, limitOf(pack));
  const pairs = pairsOf(sources.length);
  const ids: string[] = [];
  // A pair without a text is not on the board, and its answers were paid for all the same.
  const refused = (await services.unfinishedMatrices.find(job.id)) ?? [];
  for (const [at, [row, column]] of pairs.entries()) {
    context.signal.throwIfAborted();
    const [a, b] = [sources[row], sources[column]];
    if (a === undefined || b === undefined) throw new Error('a pair of no matrix');
    const known = [board.texts.get(cellKey(a.id, b.id)) ?? null, board.texts.get(cellKey(b.id, a.id)) ?? null] as const;
    const isRefused = refused.some((one) => one.a === a.id && one.b === b.id);
    if (known.includes(null) && !isRefused) {
      if (byModel(request) && context.isLaneWanted()) return YIELDED;
      const blend = await writeBlend(services, pairOf(prepared, row, column), request, context.signal);
      if (blend.error === null) {
        ids.push(known[0]?.id ?? (await keepText(services, blend.texts.aPlusB, [a, b], job.id)));
        ids.push(known[1]?.id ?? (await keepText(services, blend.texts.bPlusA, [b, a], job.id)));
      } else {
        refused.push({ a: a.id, b: b.id, error: blend.error });
        await services.unfinishedMatrices.keep(job.id, refused);
      }
      context.onKept();
    } else ids.push(...known.flatMap((item) => item?.id ?? []));
    context.onProgress({ fraction: (at + 1) / pairs.length, phase: 'saving', step: at + 1, steps: pairs.length });
  }
  return { ids, errors: toErrors(refused, sources) };
}

function toErrors(refused: RefusedPairs, sources: readonly PromptItem[]): MatrixResult['errors'] {
  const pictureOf = (id: string): string | null => sources.find((source) => source.id === id)?.prompt.imageSha256 ?? null;
  return refused.flatMap(({ a, b, error }) => {
    const [imageSha256, other] = [pictureOf(a), pictureOf(b)];
    return imageSha256 === null || other === null ? [] : [{ imageSha256, with: other, error }];
  });
}

const byModel = ({ writer = builtInWriter }: MatrixRequest): boolean => writer !== builtInWriter;

/** Both texts of a pair, or why its answers are of no use. What ends every answer, such as a spent limit, is thrown. */
async function writeBlend(
  services: JobServices,
  prepared: PreparedBlend,
  { writer = builtInWriter, templateId, language = usualLanguage }: MatrixRequest,
  signal: AbortSignal,
): Promise<{ readonly texts: Pick<Blend, 'aPlusB' | 'bPlusA'>; readonly error: null } | { readonly error: ErrorBody }> {
  const wish = { writer, language, instruction: '', ...(templateId === undefined ? {} : { templateId }) };
  try {
    for await (const event of streamPrepared(services, prepared, wish, signal))
      if (event.type === 'done') return { texts: event.blend, error: null };
  } catch (cause) {
    if (!(cause instanceof StudioError && cause.code === 'answer-unreadable')) throw cause;
    return { error: toErrorBody(cause, services.logFailure) };
  }
  throw new Error('a blend that ended without a result');
}

async function keepText(
  services: JobServices,
  { document: prompt, text }: BlendedText,
  [object, scene]: readonly [PromptItem, PromptItem],
  boardId: string,
): Promise<string> {
  const title = cutAtWord(`${object.title} + ${scene.title}`, mostTitleCharacters);
  const item = await services.library.addPrompt({ prompt, text, title, parents: [object.id, scene.id], boards: [boardId] });
  return item.id;
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
