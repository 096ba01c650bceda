import { cutText } from '../../../contract/cut-text.ts';
import type { Generation } from '../../state/canvas/result-list.svelte.ts';
import { fixed, say } from '../../language/say.ts';

/** "0.87 fidelity · seed 12 · 20 steps · guidance 3 · a red fox in snow…" */
export function describeRecipe(item: Generation): string {
  const { recipe, fidelity } = item;
  const text = recipe.text.length > 80 ? `${cutText(recipe.text, 80)}…` : recipe.text;
  return [
    fidelity === null ? null : say('filmstrip.fidelity', { fidelity: fixed(fidelity.mean, 2) }),
    recipe.seed === null ? null : say('filmstrip.seed', { seed: String(recipe.seed) }),
    ...(recipe.kind === 'local'
      ? [say('filmstrip.steps', { count: recipe.steps }), say('filmstrip.guidance', { guidance: recipe.guidance })]
      : [recipe.tool, recipe.model]),
    text,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
