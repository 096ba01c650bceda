import type { MergeRanks } from './merge-word.ts';

/** Ranks of merges, one `left right` a line, best first. The version header and empty lines do not count. */
export function rankMerges(lines: readonly string[]): MergeRanks {
  const ranks = new Map<string, number>();
  for (const line of lines) if (line !== '' && !line.startsWith('#version')) ranks.set(line, ranks.size);
  return ranks;
}
