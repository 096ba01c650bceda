import type { LibraryItem } from '../../../contract/library.ts';
import type { Fidelity, Recipe } from '../../../contract/recipe.ts';

/** A picture the studio drew, with its recipe. */
export type Generation = Extract<LibraryItem, { kind: 'generation' }>;

/** The ids and weights a recipe fed to the decoder, in the same form as `drawingKey`; null where a tool drew from the text. */
export function recipeKey(recipe: Recipe): string | null {
  if (recipe.kind === 'tool') return null;
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
  #comparedId: string | null = $state(null);
  #variantIds: readonly string[] = $state.raw([]);
  readonly #selected = $derived.by(() => this.#items.find((item) => item.id === this.#selectedId) ?? this.#items[0] ?? null);

  readonly #compared = $derived.by(() => this.#items.find((item) => item.id === this.#comparedId) ?? null);

  readonly #variants = $derived.by(() => {
    const variants = this.#items.filter((item) => this.#variantIds.includes(item.id)).toReversed();
    return variants.length > 1 ? variants : [];
  });

  get items(): readonly Generation[] {
    return this.#items;
  }

  get selected(): Generation | null {
    return this.#selected;
  }

  /** Result A, while two results are compared; the selected one is B. */
  get compared(): Generation | null {
    return this.#compared;
  }

  /** Pictures that lie side by side to choose among, in the order they were drawn; none, or two and more. */
  get variants(): readonly Generation[] {
    return this.#variants;
  }

  /** Lays pictures side by side; an empty list puts them away, and the selected one stays. */
  layOut(ids: readonly string[]): void {
    this.#variantIds = ids;
    if (ids.length > 1) this.#comparedId = null;
  }

  select(id: string): void {
    this.#selectedId = id;
    if (!this.#variantIds.includes(id)) this.#variantIds = [];
  }

  /** Compares with this result instead of the original; null goes back to the original. */
  compare(id: string | null): void {
    this.#comparedId = id;
    this.#variantIds = [];
    // A result beside itself says nothing: its neighbour takes the other side.
    if (id !== null && id === this.#selected?.id) {
      const at = this.#items.findIndex((item) => item.id === id);
      const other = this.#items[at + 1] ?? this.#items[at - 1];
      if (other !== undefined) this.#selectedId = other.id;
    }
  }

  /** Takes new pictures; `select` shows the newest of them. */
  add(items: readonly Generation[], select = true): void {
    const shown = this.#selected?.id ?? null;
    const ids = new Set(items.map((item) => item.id));
    this.replace([...items, ...this.#items.filter((item) => !ids.has(item.id))]);
    const newest = this.#items.find((item) => ids.has(item.id));
    this.#selectedId = select && newest !== undefined ? newest.id : shown;
  }

  /** Takes one away; its neighbour is shown instead. */
  remove(id: string): void {
    const at = this.#items.findIndex((item) => item.id === id);
    if (at < 0) return;
    const next = this.#items[at + 1] ?? this.#items[at - 1] ?? null;
    if (this.#selected?.id === id) this.#selectedId = next?.id ?? null;
    if (this.#comparedId === id) this.#comparedId = null;
    this.#items = this.#items.filter((item) => item.id !== id);
  }

  /** Puts one back where its age belongs. */
  restore(item: Generation): void {
    this.replace([item, ...this.#items.filter((known) => known.id !== item.id)]);
    this.#selectedId = item.id;
  }

  replace(items: readonly Generation[]): void {
    this.#items = items.toSorted((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1));
    if (!items.some((item) => item.id === this.#selectedId)) this.#selectedId = null;
    if (!items.some((item) => item.id === this.#comparedId)) this.#comparedId = null;
  }

  update(item: Generation): void {
    this.#items = this.#items.map((known) => (known.id === item.id ? item : known));
  }

  /** Fidelity over every picture drawn from exactly these ids and weights; null when none was measured. */
  fidelityOf(key: string | null): Fidelity | null {
    if (key === null) return null;
    const perSeed = this.#items
      .filter((item) => item.recipe.init === null && recipeKey(item.recipe) === key)
      .flatMap((item) => item.fidelity?.perSeed ?? []);
    if (perSeed.length === 0) return null;
    const mean = perSeed.reduce((sum, one) => sum + one.fidelity, 0) / perSeed.length;
    const squares = perSeed.reduce((sum, one) => sum + (one.fidelity - mean) ** 2, 0);
    return { mean, spread: perSeed.length < 2 ? 0 : Math.sqrt(squares / (perSeed.length - 1)), perSeed };
  }

  /** Fidelity of the text drawn last among those with one of these parents: what a text was worth before it was edited. */
  fidelityFrom(parentIds: ReadonlySet<string>): Fidelity | null {
    const last = this.#items.find((item) => item.fidelity !== null && item.parents.some((id) => parentIds.has(id)));
    return last === undefined ? null : this.fidelityOf(recipeKey(last.recipe));
  }

  /** Fidelity of the text drawn most recently before the one with `key`; null when there was none. */
  fidelityBefore(key: string): Fidelity | null {
    const last = this.#items.findLastIndex((item) => recipeKey(item.recipe) === key);
    const before = this.#items.slice(last + 1).find((item) => recipeKey(item.recipe) !== key && item.fidelity !== null);
    return before === undefined ? null : this.fidelityOf(recipeKey(before.recipe));
  }
}
