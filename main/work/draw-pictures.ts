import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { Fidelity, MixedPrompt } from '../../contract/recipe.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import type { JobServices } from '../services/job-services.ts';
import { drawAndKeep } from './draw-and-keep.ts';
import type { DrawingContext, KeptDrawing } from './draw-and-keep.ts';

export interface PackDrawing extends KeptDrawing {
  readonly pack: ResolvedPack;
  /** What the text stands for. */
  readonly tokens: PromptTokens;
  /** Another text that is mixed into it; absent: none. */
  readonly mixed?: MixedPrompt;
  readonly originalSha256: string | null;
}

/**
 * Draws one prompt with a pack, and compares each picture with the original where there is one.
 *
 * @throws StudioError `prompt-empty` without tokens; as drawAndKeep does
 */
export async function drawPictures(
  services: JobServices,
  drawing: PackDrawing,
  context: DrawingContext,
): Promise<{ readonly items: LibraryItem[]; readonly fidelity: Fidelity | null }> {
  const { pack, tokens, mixed, originalSha256 } = drawing;
  if (tokens.tokenIds.length === 0 || mixed?.tokenIds.length === 0) {
    throw new StudioError('prompt-empty', 'There is no word to draw.', 'Write something, or unmute a word.');
  }
  const drawer = services.models.drawer(pack);
  const original = originalSha256 === null ? null : services.library.getImagePath(originalSha256);
  const previewers = await findPreviewers(services.packs, context.signal);
  const complete = { tokens, original, previewers, ...(mixed === undefined ? {} : { mixed }) };
  return drawAndKeep(services, drawer, drawing, (order) => ({ ...order, ...complete }), context);
}

/** Packs with a tiny autoencoder whose files are right. A drawing does not fail over how it is shown. */
async function findPreviewers(packs: PackRegistry, signal: AbortSignal): Promise<ResolvedPack[]> {
  const able = (await packs.listPacks()).packs.filter(({ roles }) => roles.includes('previewer'));
  const opened = await Promise.allSettled(able.map(({ id }) => packs.openPack(id, { signal })));
  return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
