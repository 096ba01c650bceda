/** English words that only join others. A closed list: whatever is not on it says something of a picture. */
const joiningWords = new Set(
  (
    'a an the and or but nor as at by for from in into of off on onto to with without is are be been being was were ' +
    'has have had it its this that these those there their his her he she they them'
  ).split(' '),
);

/** False for articles, prepositions, conjunctions and the like, and for what holds no letter or digit. */
export function isContentWord(word: string): boolean {
  const plain = word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return plain !== '' && !joiningWords.has(plain);
}
