/** English words that hold a sentence together and show nothing: articles, prepositions, conjunctions, pronouns, auxiliaries. */
const functionWords = new Set(
  (
    'a an the this that these those some any each every no not ' +
    'of in on at by to from with without for as into onto over under above below behind between beside near upon off out up down ' +
    'and or but nor so yet if than then while because ' +
    'i you he she it we they me him her us them my your his its our their who whom whose which what where when there here ' +
    'is are was were be been being am do does did has have had can could will would shall should may might must'
  ).split(' '),
);

/** True for a word that names something a picture can show. Signs and single letters of the alphabet name nothing. */
export function isContentWord(text: string): boolean {
  const word = text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return word !== '' && !/^\p{L}$/u.test(word) && !functionWords.has(word);
}
