import type { Stretch } from './words/word-commands.svelte.ts';

/**
 * Where a person finds what they look for: whole words, whatever the case and the spaces between them. Beside letters and digits
 * nothing of another word may stand, so that `pig` is not found in `pigment`.
 */
export function findInText(text: string, query: string): Stretch[] {
  const words = query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const escaped = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped.join('\\s+')}(?![\\p{L}\\p{N}])`, 'giu');
  return [...text.matchAll(pattern)].map(({ 0: found, index }) => ({ from: index, to: index + found.length }));
}
