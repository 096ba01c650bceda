import { cutAtWord } from '../../contract/texts/cut-text.ts';
import { writePngText } from '../image/write-png-text.ts';
import type { DrawnPicture } from '../ports/drawer.ts';
import { hashBytes } from '../storage/hash-bytes.ts';
import type { GenerationItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { pictureTexts } from './picture-texts.ts';
import { summariseFidelity } from './summarise-fidelity.ts';

const TITLE_CHARACTERS = 80;

/** What one picture of a job is saved with. */
export interface GenerationOrigin {
  readonly parents: readonly string[];
  readonly boards: readonly string[];
  /** Generations with these bytes that were made since this time are taken as they are: a job that starts again saves nothing twice. */
  readonly reuseSinceMs: number | null;
}

/** Keeps a picture with what the settings want it to say of itself, which is what makes it again from the file alone. */
export async function saveGeneration(
  services: Pick<JobServices, 'library' | 'pictures' | 'versions' | 'settings' | 'tokenizers' | 'packs'>,
  { png, seed, recipe, fidelity }: DrawnPicture,
  origin: GenerationOrigin,
): Promise<GenerationItem> {
  const { library, pictures, settings } = services;
  const { parents, boards, reuseSinceMs } = origin;
  const bytes = writePngText(png, await pictureTexts(services, recipe, settings.settings.pictureTexts));
  if (reuseSinceMs !== null) {
    const sha256 = await hashBytes(bytes);
    // The same bytes drawn from another text were compared with another picture.
    const isSame = (item: { readonly createdMs: number; readonly parents: readonly string[] }) =>
      item.createdMs >= reuseSinceMs && item.parents.join() === parents.join();
    const earlier = library.findItemsOfImage(sha256).find((item) => item.kind === 'generation' && isSame(item));
    if (earlier?.kind === 'generation') return earlier;
  }
  const facts = await pictures.readFacts(bytes);
  const perSeed = fidelity === null ? [] : [{ seed, fidelity }];
  const title = cutAtWord(recipe.text, TITLE_CHARACTERS);
  return library.addGeneration({ bytes, facts, recipe, fidelity: summariseFidelity(perSeed), title, parents, boards });
}
