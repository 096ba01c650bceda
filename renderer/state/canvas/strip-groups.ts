import type { Generation } from './result-list.svelte.ts';
import type { TextVersion } from '../text/text-version-list.svelte.ts';

/** A text and the pictures drawn from it, newest first. */
export interface StripGroup {
  readonly text: string;
  /** The oldest library item with this text; null when the library does not hold it. */
  readonly version: TextVersion | null;
  /** Every library item with this text: a picture that is read twice has it twice. */
  readonly itemIds: readonly string[];
  readonly results: readonly Generation[];
}

/**
 * The strip, newest first: texts with pictures by the time of their last picture, then texts nobody drew. The same text is one
 * group, however often it was read.
 * @param results newest first
 * @param versions newest first
 */
export function stripGroups(results: readonly Generation[], versions: readonly TextVersion[]): StripGroup[] {
  const byId = new Map(versions.map((version) => [version.itemId, version]));
  const byText = new Map<string, TextVersion[]>();
  for (const version of versions) byText.set(version.text, [...(byText.get(version.text) ?? []), version]);
  const drawn = new Map<string, Generation[]>();
  for (const item of results) {
    const text = item.parents.map((id) => byId.get(id)).find((one) => one !== undefined)?.text ?? item.recipe.text;
    drawn.set(text, [...(drawn.get(text) ?? []), item]);
  }
  const group = (text: string): StripGroup => {
    const same = byText.get(text) ?? [];
    return { text, version: same.at(-1) ?? null, itemIds: same.map(({ itemId }) => itemId), results: drawn.get(text) ?? [] };
  };
  const undrawn = [...byText.keys()].filter((text) => !drawn.has(text)).map(group);
  // By their oldest item: reading a picture again moves nothing.
  return [
    ...[...drawn.keys()].map(group),
    ...undrawn.toSorted((a, b) => (b.version?.createdMs ?? 0) - (a.version?.createdMs ?? 0)),
  ];
}
