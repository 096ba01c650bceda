import { randomInt } from 'node:crypto';
import { StudioError } from '../../contract/errors.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';

/** A PyTorch generator uses the low 32 bits of a seed. */
const SEEDS = 2 ** 32;

/**
 * Chance is decided once, when work is submitted: what starts again after a crash draws the same pictures.
 *
 * @param seeds How many seeds the work takes, counted up from the first; by default one a picture
 * @throws StudioError `bad-request` where the last of them is no number a seed can be
 */
export function withSeed<Settings extends GenerateSettings>(settings: Settings, seeds = settings.count ?? 1): Settings {
  const { seed } = settings;
  if (seed === undefined) return { ...settings, seed: randomInt(SEEDS) };
  const largest = Number.MAX_SAFE_INTEGER - (seeds - 1);
  if (seed <= largest) return settings;
  throw new StudioError(
    'bad-request',
    `The seed ${seed} is too large: ${seeds} seeds are counted up from it.`,
    `Take a seed of at most ${largest}, or ask for fewer pictures.`,
    { seed, seeds, largest },
  );
}
