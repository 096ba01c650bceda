/**
 * How well a text fits what was typed: letters in order, more for the start of words and for runs of letters.
 * Null when it does not fit; otherwise higher is better, at most about 1. Every word of the query has to fit.
 */
export function matchQuery(query: string, text: string): number | null {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const target = fold(text);
  let sum = 0;
  for (const word of words) {
    const score = matchWord(word, target);
    if (score === null) return null;
    sum += score;
  }
  // Among equals, the shorter text is the nearer one.
  return words.length === 0 ? 0 : sum / words.length - target.length / 10_000;
}

/** Lower case without accents, so that "cafe" finds "Café". */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

function matchWord(word: string, target: string): number | null {
  const whole = findWordStart(word, target);
  if (whole >= 0) return 1 - whole / 1000;
  const inside = target.indexOf(word);
  if (inside >= 0) return 0.7 - inside / 1000;
  return matchLetters(word, target);
}

/** Where a word of the target begins with `word`; -1 when none does. */
function findWordStart(word: string, target: string): number {
  for (let at = target.indexOf(word); at >= 0; at = target.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(target.charAt(at - 1))) return at;
  }
  return -1;
}

/** Letters one after the other, with gaps: at most 0.5, and only where the first begins a word, or chance would find anything. */
function matchLetters(word: string, target: string): number | null {
  let at = findWordStart(word.charAt(0), target);
  if (at < 0) return null;
  const start = at;
  for (const letter of word.slice(1)) {
    at = target.indexOf(letter, at + 1);
    if (at < 0) return null;
  }
  const span = at - start + 1;
  return span > word.length * 4 ? null : 0.5 * (word.length / span);
}
