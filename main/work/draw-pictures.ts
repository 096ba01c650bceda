import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { Fidelity, GenerateSettings } from '../../contract/recipe.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import type { GenerationItem } from '../library/library.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { settleSettings } from '../ports/drawer.ts';
import type { DrawnPicture } from '../ports/drawer.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import type { RunContext } from '../running/run-context.ts';
import type { JobServices } from '../services/job-services.ts';
import { saveGeneration } from './save-generation.ts';
import { summariseFidelity } from './summarise-fidelity.ts';

export interface DrawOrder {
  readonly pack: ResolvedPack;
  readonly tokens: PromptTokens;
  /** The running text the tokens stand for. */
  readonly text: string;
  /** The seed must be there: it was drawn when the job was submitted, so that a second start draws the same pictures. */
  readonly settings: GenerateSettings & { readonly seed: number };
  readonly originalSha256: string | null;
  readonly parents: readonly string[];
  /** Boards of the library that the pictures lie on from the start. */
  readonly boards: readonly string[];
  readonly reuseSinceMs: number | null;
}

export interface DrawContext extends RunContext {
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
}

/** Saving is quick beside drawing. */
const WEIGHTS = { drawing: 50, saving: 1 };

/**
 * Draws one prompt and keeps every picture as soon as it is finished, so that a crash or a cancel loses only the one in the making.
 *
 * @throws StudioError as the drawer does, `prompt-empty` without tokens, `not-found` for pictures the library lacks;
 * the signal's reason when cancelled.
 */
export async function drawPictures(
  services: JobServices,
  order: DrawOrder,
  context: DrawContext,
): Promise<{ readonly items: LibraryItem[]; readonly fidelity: Fidelity | null }> {
  if (order.tokens.tokenIds.length === 0) {
    throw new StudioError('prompt-empty', 'There is no word to draw.', 'Write something, or unmute a word.');
  }
  const { library, models } = services;
  const { settings, originalSha256, parents, boards, reuseSinceMs } = order;
  const drawer = models.drawer(order.pack);
  const init = settings.init ?? null;
  const drawOrder = {
    tokens: order.tokens,
    text: order.text,
    settings: settleSettings(settings, drawer.abilities),
    seed: settings.seed,
    count: settings.count ?? 1,
    init: init === null ? null : { ...init, source: library.getImagePath(init.imageSha256) },
    original: originalSha256 === null ? null : library.getImagePath(originalSha256),
  };
  const progress = new WeightedProgress(context, WEIGHTS);
  const saves: Promise<GenerationItem>[] = [];
  const save = (picture: DrawnPicture) => {
    const saving = saveGeneration(services, picture, { parents, boards, reuseSinceMs });
    // Awaited below; without a listener until then, a full disk would end the process.
    saving.catch(() => undefined);
    saves.push(saving);
  };
  try {
    await drawer.draw(drawOrder, {
      ...progress.part('drawing'),
      onPreview: (png) => context.onPreview(png, 'image/png'),
      onPicture: save,
    });
  } catch (error) {
    await Promise.allSettled(saves);
    throw error;
  }
  progress.part('saving').onProgress({ fraction: 0, phase: 'saving', step: 0, steps: saves.length });
  const items = await Promise.all(saves);
  return { items, fidelity: summariseFidelity(items.flatMap((item) => item.fidelity?.perSeed ?? [])) };
}
