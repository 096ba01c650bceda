import type { Generation } from '../../state/canvas/result-list.svelte.ts';
import { fixed, say } from '../../language/say.ts';

/** "15 tokens, fidelity 0.78", or the tool that drew them: what pictures of one text have in common. */
export function describeDrawn(results: readonly Generation[]): string {
  const recipe = results[0]?.recipe;
  const by = recipe?.kind === 'tool' ? recipe.tool : say('history.tokens', { count: recipe?.tokenIds.length ?? 0 });
  const measured = results.flatMap(({ fidelity }) => (fidelity === null ? [] : [fidelity.mean]));
  const mean = measured.reduce((sum, one) => sum + one, 0) / measured.length;
  return measured.length === 0 ? by : say('history.withFidelity', { by, fidelity: fixed(mean, 2) });
}
