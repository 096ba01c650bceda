import type { WeightedWord } from './dialect.ts';

/** Neighbouring words of one weight, joined by spaces: what one pair of parentheses or one `::` stands for. */
export function groupByWeight(words: readonly WeightedWord[]): WeightedWord[] {
  const groups: WeightedWord[] = [];
  for (const word of words) {
    const last = groups.at(-1);
    if (last?.weight === word.weight) {
      groups[groups.length - 1] = { text: `${last.text} ${word.text}`, weight: word.weight };
    } else groups.push(word);
  }
  return groups;
}
