import { StudioError } from '../../contract/errors.ts';
import type { MeasureSettings } from '../../contract/job.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { Fidelity } from '../../contract/recipe.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { settleSettings } from '../ports/drawer.ts';
import type { DrawSettings } from '../ports/drawer.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import type { JobServices } from '../services/job-services.ts';
import { summariseFidelity } from './summarise-fidelity.ts';

/** How texts are drawn to be measured; the same for all of them. */
export interface Measuring {
  readonly pack: ResolvedPack;
  readonly settings: MeasureSettings;
  readonly seeds: readonly number[];
  readonly originalSha256: string;
}

/** Which texts are drawn at once is the drawer's affair; this says how many it is asked for between two looks at the results. */
export const TEXTS_AT_ONCE = 8;

/** @throws StudioError `bad-request` for a document whose ids mean other words in this pack */
export function requireOwnText(document: PromptDocument, pack: ResolvedPack): void {
  if (document.packId === pack.manifest.id) return;
  throw new StudioError(
    'bad-request',
    `This text was made with the model ${document.packId}, not with ${pack.manifest.id}.`,
    'Read the picture again with this model.',
    { textPack: document.packId, pack: pack.manifest.id },
  );
}

/** The seeds a measurement draws with: `count` from `seed` on. */
export function seedsOf({ seed, count = 1 }: MeasureSettings): number[] {
  if (seed === undefined) throw new Error('a submitted job without a seed');
  return Array.from({ length: count }, (_, index) => seed + index);
}

/**
 * Fidelity of each text: drawn once a seed and compared with the original by the pack's scorer. What was measured before is
 * not drawn again. Finished pictures are shown as the job's preview where `onPicture` asks for it.
 *
 * @throws StudioError as the drawer does, pack-role-missing, not-found without the original; the signal's reason when cancelled
 */
export async function measureTexts(
  services: JobServices,
  measuring: Measuring,
  texts: readonly PromptTokens[],
  context: Pick<JobContext, 'signal' | 'onProgress' | 'log'>,
  onPicture: (textIndex: number, png: Uint8Array) => void = () => undefined,
): Promise<Fidelity[]> {
  const { seeds } = measuring;
  const drawer = services.models.drawer(measuring.pack);
  const original = services.library.getImagePath(measuring.originalSha256);
  const settings = settleSettings(measuring.settings, drawer.abilities);
  const keyOf = composeKey(measuring, settings);
  const found = texts.map((text) => seeds.map((seed) => services.measured.find(keyOf(text, seed))));
  const missing = texts.flatMap((text, index) => (found[index]?.includes(null) ? [{ text, index }] : []));
  if (missing.length > 0) {
    const order = { texts: missing.map(({ text }) => text), seeds, settings, original };
    await drawer.measure(order, context, ({ textIndex, seed, fidelity, png }) => {
      const drawn = missing[textIndex];
      if (drawn === undefined) throw new Error(`the drawer named text ${textIndex}, which it was not given`);
      services.measured.keep(keyOf(drawn.text, seed), fidelity);
      found[drawn.index]?.splice(seeds.indexOf(seed), 1, fidelity);
      onPicture(drawn.index, png);
    });
  }
  return found.map((fidelities) => {
    const perSeed = seeds.flatMap((seed, index) => {
      const fidelity = fidelities[index];
      return fidelity == null ? [] : [{ seed, fidelity }];
    });
    const summary = perSeed.length === seeds.length ? summariseFidelity(perSeed) : null;
    if (summary === null) throw new Error('a text that was not measured');
    return summary;
  });
}

function composeKey({ pack, originalSha256 }: Measuring, settings: DrawSettings) {
  const { negative, steps, guidance, scheduler, width, height, ...options } = settings;
  const { guidanceRescale, secondPrompt, clipSkip, emphasis } = options;
  const drawn = [negative, steps, guidance, scheduler, width, height, guidanceRescale, secondPrompt, clipSkip, emphasis];
  const shared = JSON.stringify([pack.manifestSha256, originalSha256, ...drawn]);
  return ({ tokenIds, tokenWeights }: PromptTokens, seed: number): string =>
    `${shared} ${seed} ${tokenIds.join(' ')} × ${tokenWeights.join(' ')}`;
}
