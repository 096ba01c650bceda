import { join } from 'node:path';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { usualRefineBudget } from '../../contract/texts/refine-blend.ts';
import type { RefineBlendResult } from '../../contract/texts/refine-blend.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, mean } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { blendAll, firstOf, LENGTH, percentOf, SEED, wordsOf } from './measure-redrawn-blends.ts';
import { runJob } from './run-job.ts';

/** Of the pack's samples, the first few: each is refined with each. */
const SAMPLES = 4;

/**
 * Held-out scenes, and what the world itself draws of the object of each in the scene of the next: made by
 * `python -m training.heldout_blends`, because only the world's own program knows.
 */
const SCENES = join(import.meta.dirname, 'blend-scenes');
const SCENE_COUNT = 9;

async function textOf(studio: Studio, itemId: string): Promise<PromptDocument> {
  const item = await studio.client.library.get({ itemId });
  if (item.kind !== 'prompt') throw new Error('A text of the matrix is none.');
  return item.prompt;
}

interface DrawnText {
  readonly itemId: string;
  readonly sha256: string;
}

async function draw(studio: Studio, document: PromptDocument): Promise<DrawnText> {
  const request = { kind: 'generate' as const, prompt: { type: 'document' as const, document }, settings: { seed: SEED } };
  const { result } = await runJob(studio, request);
  const [drawn] = result?.kind === 'generate' ? result.items : [];
  if (drawn?.kind !== 'generation') throw new Error('Nothing was drawn.');
  return { itemId: drawn.id, sha256: drawn.image.sha256 };
}

/** The words that the pack reads in the drawing of a text. */
async function hear(studio: Studio, document: PromptDocument): Promise<ReadonlySet<string>> {
  const { sha256 } = await draw(studio, document);
  const read = await runJob(studio, { kind: 'encode', imageSha256s: [sha256], lengths: [LENGTH] });
  const [image] = read.result?.kind === 'encode' ? read.result.images : [];
  const [heard] = image?.documents ?? [];
  return wordsOf(heard === undefined ? '' : (await studio.client.prompts.inspect({ document: heard.document })).text);
}

/** How alike the drawing of a text is to a picture: the cosine of the pack's scorer. */
async function likenessOf(studio: Studio, document: PromptDocument, sha256: string, scorerPackId: string): Promise<number> {
  const { itemId } = await draw(studio, document);
  // The scorer looks at pictures while somebody keeps asking.
  for (;;) {
    const like = { type: 'image' as const, sha256 };
    const { rows, seen, total } = await studio.client.library.similar({ like, scorerPackId, limit: 1000 });
    const own = rows.find(({ id }) => id === itemId);
    if (own !== undefined) return own.score;
    if (seen >= total) throw new Error('The scorer did not see a drawing.');
  }
}

interface RefineOrder {
  /** The blend by rules, the text of its object and that of its scene. */
  readonly document: PromptDocument;
  readonly objectDocument: PromptDocument;
  readonly sceneDocument: PromptDocument;
}

async function refine(studio: Studio, texts: RefineOrder): Promise<RefineBlendResult> {
  const { result } = await runJob(studio, { kind: 'refine-blend', ...texts, budget: usualRefineBudget, seed: SEED });
  if (result?.kind !== 'refine-blend') throw new Error('Nothing was refined.');
  return result;
}

/** The pack's own pictures, each with each: what becomes of their texts, and what is read in the drawings. */
async function refineSamples(studio: Studio, { id: packId, samples }: BenchPack): Promise<BenchRow[]> {
  const { world } = await studio.client.packs.info({ packId });
  if (world === undefined) throw new Error('The pack does not say what it knows.');
  const objects = world.objects.map(({ word }) => word);
  const { sources, cells } = await blendAll(studio, samples.slice(0, SAMPLES), false);
  const documents = await Promise.all(sources.map(({ textId }) => textOf(studio, textId)));
  const found = [];
  for (const { object, scene, textId } of cells) {
    const [objectDocument, sceneDocument] = [documents[object], documents[scene]];
    if (objectDocument === undefined || sceneDocument === undefined) throw new Error('A cell of no pictures.');
    const result = await refine(studio, { document: await textOf(studio, textId), objectDocument, sceneDocument });
    const heard = await hear(studio, result.document);
    const thing = firstOf(objects, sources[object]?.text ?? '');
    const backdrop = firstOf(world.backdrops, sources[scene]?.text ?? '');
    const { loss, comparison, checks } = result;
    found.push({
      fall: loss.before - loss.after,
      evaluations: loss.evaluations,
      changed: comparison.counts.inserted,
      isBlend: checks.subject && checks.setting,
      isObjectSeen: thing !== null && heard.has(thing),
      isBackdropSeen: backdrop !== null && heard.has(backdrop),
    });
  }
  const name = `of ${found.length} refined blends`;
  const row = (what: string, unit: string, atLeast: number, value: number): BenchRow =>
    judge({ name: `${name}: ${what}`, unit, atLeast }, value);
  return [
    row('fall of the loss outside of both objects', 'loss', 0, mean(found.map(({ fall }) => fall))),
    row('words changed', 'words', 0, mean(found.map(({ changed }) => changed))),
    row('losses asked for', 'losses', 0, mean(found.map(({ evaluations }) => evaluations))),
    row('pass the checks', '%', 90, percentOf(found.map((one) => one.isBlend))),
    row('A’s object, drawn and read again', '%', 90, percentOf(found.map((one) => one.isObjectSeen))),
    row('B’s backdrop, drawn and read again', '%', 85, percentOf(found.map((one) => one.isBackdropSeen))),
  ];
}

/** Held-out scenes: how alike the drawing of a blend is to what the world draws of it, before and after it was refined. */
async function refineHeldOut(studio: Studio, { id: packId }: BenchPack): Promise<BenchRow[]> {
  const scenes = Array.from({ length: SCENE_COUNT }, (_, at) => join(SCENES, `${at}.png`));
  const { sources, cells } = await blendAll(studio, scenes, false);
  const documents = await Promise.all(sources.map(({ textId }) => textOf(studio, textId)));
  const found = [];
  for (const [object, objectDocument] of documents.entries()) {
    const scene = (object + 1) % SCENE_COUNT;
    const [sceneDocument, cell] = [documents[scene], cells.find((one) => one.object === object && one.scene === scene)];
    if (sceneDocument === undefined || cell === undefined) throw new Error('A scene was not read.');
    const { image } = await studio.addImage(join(SCENES, `${object}-in-${scene}.png`));
    const document = await textOf(studio, cell.textId);
    const refined = await refine(studio, { document, objectDocument, sceneDocument });
    const before = await likenessOf(studio, document, image.sha256, packId);
    found.push({ before, after: await likenessOf(studio, refined.document, image.sha256, packId) });
  }
  const name = `of ${found.length} held-out blends: likeness to what the world draws`;
  const [before, after] = [mean(found.map((one) => one.before)), mean(found.map((one) => one.after))];
  return [
    judge({ name: `${name}, by rules`, unit: 'cosine', atLeast: 0 }, before),
    judge({ name: `${name}, refined`, unit: 'cosine', atLeast: Number(before.toPrecision(3)) }, after),
  ];
}

/** What refining by the decoder does to the rules' blends. */
export async function measureRefinedBlends(pack: BenchPack): Promise<BenchRow[]> {
  const studio = await openStudio({ ephemeral: true });
  try {
    return [...(await refineSamples(studio, pack)), ...(await refineHeldOut(studio, pack))];
  } finally {
    await studio.close();
  }
}
