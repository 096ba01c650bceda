import { randomInt } from 'node:crypto';
import type { GenerateSettings } from '../../contract/recipe.ts';

/** A PyTorch generator uses the low 32 bits of a seed. */
const SEEDS = 2 ** 32;

/** Chance is decided once, when work is submitted: what starts again after a crash draws the same pictures. */
export function withSeed<Settings extends GenerateSettings>(settings: Settings): Settings {
  return settings.seed === undefined ? { ...settings, seed: randomInt(SEEDS) } : settings;
}
