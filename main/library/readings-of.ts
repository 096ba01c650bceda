import type { LibraryItem } from '../../contract/library.ts';

/** The names of the readings a text has its tokens from, each once; none for a picture. */
export function readingsOf(item: LibraryItem): ReadonlySet<string> {
  const sources = item.kind === 'prompt' ? item.prompt.sources : [];
  return new Set(sources.flatMap((source) => (source.type === 'reading' && source.sha256 !== null ? [source.sha256] : [])));
}
