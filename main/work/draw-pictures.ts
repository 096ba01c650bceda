import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { Fidelity, GenerateSettings, LocalRecipe } from '../../contract/recipe.ts';
import type { EngineGeneratedImage } from '../engine/engine-client.ts';
import { WeightedProgress } from '../jobs/weighted-progress.ts';
import type { GenerationItem } from '../library/library.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import type { RunContext } from '../run-context.ts';
import type { JobServices } from '../services/job-services.ts';
import { requireRole } from '../packs/require-role.ts';
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
  readonly reuseSinceMs: number | null;
}

export interface DrawContext extends RunContext {
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
}

/** Saving is quick beside drawing. */
const WEIGHTS = { drawing: 50, saving: 1 };

type RecipeOfAll = Omit<LocalRecipe, 'seed' | 'width' | 'height' | 'device'>;

function composeRecipe(services: JobServices, order: DrawOrder): RecipeOfAll {
  const { manifest, manifestSha256 } = order.pack;
  const { defaults } = requireRole(order.pack, 'decoder');
  const { settings } = order;
  return {
    schemaVersion: 2,
    kind: 'local',
    pack: { id: manifest.id, version: manifest.version, manifestSha256 },
    tokenIds: [...order.tokens.tokenIds],
    tokenWeights: [...order.tokens.tokenWeights],
    text: order.text,
    negative: settings.negative ?? defaults.negative,
    steps: settings.steps ?? defaults.steps,
    guidance: settings.guidance ?? defaults.guidance,
    scheduler: settings.scheduler ?? defaults.scheduler,
    init: settings.init ?? null,
    versions: { studio: services.versions.studio, onnxruntime: services.versions.onnxruntime },
  };
}

function composeRequest(services: JobServices, order: DrawOrder, recipe: RecipeOfAll) {
  const decoder = requireRole(order.pack, 'decoder');
  const { library } = services;
  const { settings, originalSha256 } = order;
  const { init } = recipe;
  return {
    packFolder: order.pack.folder,
    decoder,
    prompt: { type: 'tokens' as const, tokenIds: recipe.tokenIds, tokenWeights: recipe.tokenWeights },
    negative: recipe.negative,
    steps: recipe.steps,
    guidance: recipe.guidance,
    seed: settings.seed,
    count: settings.count ?? 1,
    scheduler: recipe.scheduler,
    width: settings.width ?? decoder.image.width,
    height: settings.height ?? decoder.image.height,
    init: init === null ? null : { source: library.getImagePath(init.imageSha256), strength: init.strength },
    fidelity:
      originalSha256 === null
        ? null
        : { scorer: requireRole(order.pack, 'scorer'), original: library.getImagePath(originalSha256) },
    previews: true,
  };
}

/**
 * Draws one prompt and keeps every picture as soon as it is finished, so that a crash or a cancel loses only the one in the making.
 *
 * @throws StudioError as the engine does, `prompt-empty` without tokens, `not-found` for pictures the library lacks;
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
  const recipe = composeRecipe(services, order);
  const request = composeRequest(services, order, recipe);
  const progress = new WeightedProgress(context, WEIGHTS);
  const saves: Promise<GenerationItem>[] = [];
  const save = (image: EngineGeneratedImage) => {
    const { seed, width, height, device } = image;
    const ofImage = { ...recipe, seed, width, height, device };
    const saving = saveGeneration(services, image, {
      recipe: ofImage,
      parents: order.parents,
      reuseSinceMs: order.reuseSinceMs,
    });
    // Awaited below; without a listener until then, a full disk would end the process.
    saving.catch(() => undefined);
    saves.push(saving);
  };
  try {
    await services.engine.generate(request, {
      ...progress.part('drawing'),
      onPreview: ({ png }) => context.onPreview(png, 'image/png'),
      onImage: save,
    });
  } catch (error) {
    await Promise.allSettled(saves);
    throw error;
  }
  progress.part('saving').onProgress({ fraction: 0, phase: 'saving', step: 0, steps: saves.length });
  const items = await Promise.all(saves);
  return { items, fidelity: summariseFidelity(items.flatMap((item) => item.fidelity?.perSeed ?? [])) };
}
