import type { HistoryEntry } from './history.svelte.ts';
import type { Snapshot } from '../snapshot.ts';

/** The names of the readings that any step of a history has tokens from, the undone steps included. */
export function namedReadings(entries: readonly HistoryEntry<Snapshot>[]): string[] {
  const names = new Set<string>();
  for (const { state } of entries) {
    for (const { document } of Object.values(state.versions)) {
      for (const source of document.sources) if (source.type === 'reading' && source.sha256 !== null) names.add(source.sha256);
    }
  }
  return [...names];
}
