import type { Generation } from '../../state/canvas/result-list.svelte.ts';
import { fixed, say } from '../../language/say.ts';

/** "15 tokens, fidelity 0.78": what pictures of one text have in common. */
export function describeDrawn(results: readonly Generation[]): string {
  const tokens = results[0]?.recipe.tokenIds.length ?? 0;
  const measured = results.flatMap(({ fidelity }) => (fidelity === null ? [] : [fidelity.mean]));
  const mean = measured.reduce((sum, one) => sum + one, 0) / measured.length;
  return measured.length === 0
    ? say('history.tokens', { count: tokens })
    : say('history.tokensFidelity', { count: tokens, fidelity: fixed(mean, 2) });
}
