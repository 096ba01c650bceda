import type { Fidelity } from '../../contract/recipe.ts';

/** Mean and sample standard deviation (n − 1) over pictures of one prompt; null when none was compared. */
export function summariseFidelity(perSeed: Fidelity['perSeed']): Fidelity | null {
  if (perSeed.length === 0) return null;
  const mean = perSeed.reduce((sum, { fidelity }) => sum + fidelity, 0) / perSeed.length;
  const squares = perSeed.reduce((sum, { fidelity }) => sum + (fidelity - mean) ** 2, 0);
  const spread = perSeed.length === 1 ? 0 : Math.sqrt(squares / (perSeed.length - 1));
  return { mean: Math.min(1, mean), spread, perSeed };
}
