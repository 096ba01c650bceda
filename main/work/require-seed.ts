import type { GenerateSettings } from '../../contract/recipe.ts';

/** The settings of a submitted job, which got its seed when it was submitted. */
export function requireSeed(settings: GenerateSettings): GenerateSettings & { readonly seed: number } {
  if (settings.seed === undefined) throw new Error('a submitted job without a seed');
  return { ...settings, seed: settings.seed };
}
