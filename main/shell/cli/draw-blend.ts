import type { LocalRecipe } from '../../../contract/recipe.ts';
import type { SimilarTo } from '../../../contract/library.ts';
import type { PackManifest } from '../../../contract/pack.ts';
import type { PromptDocument } from '../../../contract/prompt.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Studio } from '../../studio.ts';
import type { CommandContext } from './command-context.ts';
import { toSettings } from './command-options.ts';
import type { DrawingFlags } from './command-options.ts';
import { choosePack } from './input/choose-pack.ts';
import { likeOf, measureLikeness } from './measure-likeness.ts';
import type { Likeness } from './measure-likeness.ts';
import { keepPictures } from './output/keep-pictures.ts';
import { runJob } from './run-job.ts';

/** How blends are drawn: all from the same noise, so that what differs is the texts. */
export interface BlendDrawing {
  readonly pack: PackManifest;
  readonly settings: GenerateSettings;
  readonly folder: string;
}

export interface DrawnBlend {
  readonly file: string;
  readonly seed: LocalRecipe['seed'];
  /** How alike it is to each source; null where the pack has no scorer, or the source nothing to compare with. */
  readonly likeness: readonly (Likeness | null)[];
}

/** @throws StudioError as choosePack does */
export async function prepareDrawing(
  studio: Studio,
  folder: string,
  flags: DrawingFlags & { readonly pack?: string },
): Promise<BlendDrawing> {
  const pack = await choosePack(studio.client, flags.pack, ['decoder']);
  const seed = flags.seed ?? Math.floor(Math.random() * 2 ** 31);
  return { pack, settings: toSettings({ ...flags, seed }, 1), folder };
}

/** What the sources of a blend are compared by. */
export async function likesOf(
  studio: Studio,
  sources: readonly { readonly text: string; readonly document: PromptDocument }[],
): Promise<(SimilarTo | null)[]> {
  return Promise.all(sources.map((source) => likeOf(studio.client, source)));
}

/**
 * Draws one blend into the folder as `name-<seed>.png` and compares it with its sources.
 *
 * @throws StudioError as the job and the scorer do
 */
export async function drawBlend(
  studio: Studio,
  { pack, settings, folder }: BlendDrawing,
  { document, name }: { readonly document: PromptDocument; readonly name: string },
  likes: readonly (SimilarTo | null)[],
  context: CommandContext,
): Promise<DrawnBlend> {
  const prompt = { type: 'document' as const, document };
  const request = { kind: 'generate' as const, packId: pack.id, prompt, settings, parents: [] };
  const { items } = await runJob(studio.client, request, name, context);
  const [picture] = await keepPictures(studio, items, folder, name);
  const seed = picture?.recipe.seed ?? null;
  if (picture === undefined || seed === null) throw new Error('a finished job without a picture, or with one of no seed');
  const likeness: (Likeness | null)[] = [];
  for (const like of likes) {
    const canCompare = like !== null && pack.roles.scorer !== undefined;
    likeness.push(canCompare ? await measureLikeness(studio.client, like, picture.item, pack.id, context.signal) : null);
  }
  return { file: picture.path, seed, likeness };
}
