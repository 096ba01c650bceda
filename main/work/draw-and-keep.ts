import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { Fidelity, GenerateSettings } from '../../contract/recipe.ts';
import type { GenerationItem } from '../library/library.ts';
import { settleSettings } from '../ports/drawer.ts';
import type { Drawer, DrawnPicture, DrawOrder } from '../ports/drawer.ts';
import type { RunContext } from '../running/run-context.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import type { JobServices } from '../services/job-services.ts';
import { saveGeneration } from './save-generation.ts';
import { summariseFidelity } from './summarise-fidelity.ts';

/** What is drawn, by whomever, and how it is kept. */
export interface KeptDrawing {
  /** The running text. */
  readonly text: string;
  /** The seed must be there: it was drawn when the job was submitted, so that a second start draws the same pictures. */
  readonly settings: GenerateSettings & { readonly seed: number };
  readonly parents: readonly string[];
  /** Boards of the library that the pictures lie on from the start. */
  readonly boards: readonly string[];
  readonly reuseSinceMs: number | null;
}

export interface DrawingContext extends RunContext {
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
}

/** Saving is quick beside drawing. */
const WEIGHTS = { drawing: 50, saving: 1 };

/**
 * Draws one prompt and keeps every picture as soon as it is finished, so that a crash or a cancel loses only the one in the making.
 *
 * @param complete adds what this drawer takes besides
 * @throws StudioError as the drawer does, `not-found` for pictures the library lacks, `bad-request` for a mask that does not go with its picture; the
 *   signal's reason when cancelled.
 */
export async function drawAndKeep<Order extends DrawOrder>(
  services: JobServices,
  drawer: Drawer<Order>,
  { text, settings, parents, boards, reuseSinceMs }: KeptDrawing,
  complete: (order: DrawOrder) => Order,
  context: DrawingContext,
): Promise<{ readonly items: LibraryItem[]; readonly fidelity: Fidelity | null }> {
  const init = settings.init ?? null;
  const order = complete({
    text,
    settings: settleSettings(settings, drawer.abilities),
    seed: settings.seed,
    count: settings.count ?? 1,
    init: init === null ? null : await findStart(services, init, context.signal),
  });
  const progress = new WeightedProgress(context, WEIGHTS);
  const saves: Promise<GenerationItem>[] = [];
  const save = (picture: DrawnPicture) => {
    const saving = saveGeneration(services, picture, { parents, boards, reuseSinceMs });
    // Awaited below; without a listener until then, a full disk would end the process.
    saving.catch(() => undefined);
    saves.push(saving);
  };
  try {
    await drawer.draw(order, { ...progress.part('drawing'), onPreview: context.onPreview, onPicture: save });
  } catch (error) {
    await Promise.allSettled(saves);
    throw error;
  }
  progress.part('saving').onProgress({ fraction: 0, phase: 'saving', step: 0, steps: saves.length });
  const items = await Promise.all(saves);
  return { items, fidelity: summariseFidelity(items.flatMap((item) => item.fidelity?.perSeed ?? [])) };
}

/** The files of the picture that is begun with and of its mask. */
async function findStart(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  { imageSha256, strength, maskSha256 }: NonNullable<GenerateSettings['init']>,
  signal: AbortSignal,
): Promise<NonNullable<DrawOrder['init']>> {
  const start = { imageSha256, strength, source: library.getImagePath(imageSha256) };
  if (maskSha256 === undefined) return start;
  const mask = { sha256: maskSha256, source: library.getImagePath(maskSha256) };
  const sizeOf = async (source: string): Promise<string> => {
    const { width, height } = await pictures.readFacts(source, { signal });
    return `${width} × ${height}`;
  };
  const [size, maskSize] = await Promise.all([sizeOf(start.source), sizeOf(mask.source)]);
  if (size === maskSize) return { ...start, mask };
  throw new StudioError(
    'bad-request',
    `The mask has ${maskSize} pixels and its picture ${size}.`,
    'Give a mask of the size of the picture.',
    { size, maskSize },
  );
}
