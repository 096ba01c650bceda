import type { Generation } from './result-list.svelte.ts';
import type { TextVersion } from './text-version-list.svelte.ts';

/** A text and the pictures drawn from it, newest first. */
export interface StripGroup {
  readonly text: string;
  /** Null when the library does not hold the text. */
  readonly version: TextVersion | null;
  readonly results: readonly Generation[];
}

/**
 * The strip in the order things happened, newest first: every text with its pictures, by the time of the last of them. A picture
 * that is read twice has the same text twice; that is one group.
 */
export function stripGroups(results: readonly Generation[], versions: readonly TextVersion[]): StripGroup[] {
  const known = new Map(versions.map((version) => [version.itemId, version]));
  const groups = new Map<string, { text: string; version: TextVersion | null; results: Generation[] }>();
  for (const item of results) {
    const version = item.parents.map((id) => known.get(id)).find((one) => one !== undefined) ?? null;
    const text = version?.text ?? item.recipe.text;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { text, version, results: [item] });
    else group.results.push(item);
  }
  for (const version of versions) {
    if (!groups.has(version.text)) groups.set(version.text, { text: version.text, version, results: [] });
  }
  const time = (group: StripGroup): number => group.results[0]?.createdMs ?? group.version?.createdMs ?? 0;
  return [...groups.values()].toSorted((a, b) => time(b) - time(a));
}
