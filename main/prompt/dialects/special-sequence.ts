/** A run of characters that a target's front end takes for something other than words, and what is written in its place. */
export interface SpecialSequence {
  /** What the front end would make of it. */
  readonly meaning: string;
  /** A text that holds it and ends in the word `after`, which the front end must still read as a word. */
  readonly example: string;
  /** Global. Looked for in every word, or in the whole prompt with its emphasis where `of` says so. */
  readonly pattern: RegExp;
  readonly safe: string | ((found: string) => string);
  readonly of: 'word' | 'prompt';
  /** Told where it was found; absent for plain escapes, which the front end takes away again. */
  readonly note?: string;
}

/** A text with every sequence of one scope made harmless; the notes of those found are added, each once. */
export function disarm(text: string, of: SpecialSequence['of'], table: readonly SpecialSequence[], notes: string[]): string {
  let safe = text;
  for (const sequence of table) {
    if (sequence.of !== of) continue;
    const { safe: replacement } = sequence;
    const next =
      typeof replacement === 'string' ? safe.replace(sequence.pattern, replacement) : safe.replace(sequence.pattern, replacement);
    if (next !== safe && sequence.note !== undefined && !notes.includes(sequence.note)) notes.push(sequence.note);
    safe = next;
  }
  return safe;
}
