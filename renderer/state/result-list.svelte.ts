import type { LibraryItem } from '../../contract/library.ts';
import type { Fidelity, Recipe } from '../../contract/recipe.ts';

/** A picture the studio drew, with its recipe. */
export type Generation = Extract<LibraryItem, { kind: 'generation' }>;

/** The ids and weights a recipe fed to the decoder, in the same form as `drawingKey`. */
export function recipeKey(recipe: Recipe): string {
  return recipe.tokenIds
    .map((id, index) => {
      const weight = recipe.tokenWeights[index] ?? 1;
      return weight === 1 ? String(id) : `${id}:${weight}`;
    })
    .join(' ');
}

/** The pictures drawn from this picture's texts, newest first, and which one is looked at. */
export class ResultList {
  #items: readonly Generation[] = $state.raw([]);
  #selectedId: string | null = $state(null);
  readonly #selected = $derived.by(() => this.#items.find((item) => item.id === this.#selectedId) ?? this.#items[0] ?? null);

  get items(): readonly Generation[] {
    return this.#items;
  }

  get selected(): Generation | null {
    return this.#selected;
  }

  select(id: string): void {
    this.#selectedId = id;
  }

  /** +1 is the next newer picture, -1 the next older one. */
  step(by: 1 | -1): void {
    const at = this.#items.findIndex((item) => item.id === this.#selected?.id);
    const next = this.#items[at - by];
    if (next !== undefined) this.#selectedId = next.id;
  }

  add(items: readonly Generation[]): void {
    const ids = new Set(items.map((item) => item.id));
    this.#items = [...items, ...this.#items.filter((item) => !ids.has(item.id))];
    if (items[0] !== undefined) this.#selectedId = items[0].id;
  }

  replace(items: readonly Generation[]): void {
    this.#items = items.toSorted((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
    if (!items.some((item) => item.id === this.#selectedId)) this.#selectedId = null;
  }

  update(item: Generation): void {
    this.#items = this.#items.map((known) => (known.id === item.id ? item : known));
  }

  /** Fidelity over every picture drawn from exactly these ids and weights; null when none was measured. */
  fidelityOf(key: string): Fidelity | null {
    const perSeed = this.#items
      .filter((item) => item.recipe.init === null && recipeKey(item.recipe) === key)
      .flatMap((item) => item.fidelity?.perSeed ?? []);
    if (perSeed.length === 0) return null;
    const mean = perSeed.reduce((sum, one) => sum + one.fidelity, 0) / perSeed.length;
    const squares = perSeed.reduce((sum, one) => sum + (one.fidelity - mean) ** 2, 0);
    return { mean, spread: perSeed.length < 2 ? 0 : Math.sqrt(squares / (perSeed.length - 1)), perSeed };
  }

  /** Fidelity of the text drawn most recently before the one with `key`; null when there was none. */
  fidelityBefore(key: string): Fidelity | null {
    const last = this.#items.findLastIndex((item) => recipeKey(item.recipe) === key);
    const before = this.#items.slice(last + 1).find((item) => recipeKey(item.recipe) !== key && item.fidelity !== null);
    return before === undefined ? null : this.fidelityOf(recipeKey(before.recipe));
  }
}
