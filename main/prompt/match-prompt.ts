/** A text of the library that something may have been drawn from. */
export interface MatchCandidate {
  readonly id: string;
  readonly text: string;
}

/** What a picture's file says of the text it was drawn from. */
export interface PictureSigns {
  /** Its name, with or without what stands behind the dot. */
  readonly name: string;
  /** The text in it; null where there is none. */
  readonly embedded: string | null;
}

export interface MatchedPrompt<Candidate> {
  readonly candidate: Candidate;
  readonly by: 'text' | 'name';
}

/** A name that says less of a text than this may be of many. */
const leastLetters = 10;
const jobNumber = /[_ -][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}.*$/iu;

/** The words alone, as names of files have them: without parameters, weights and marks. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFC')
    .replace(/(?:^|\s)--[a-z][\s\S]*$/iu, ' ')
    .replaceAll(/::-?\d*\.?\d*/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** How many letters of a text a name ends with: names begin with who drew, then the text, cut anywhere. */
function lettersInName(name: string, text: string): number {
  const words = name.split(' ');
  for (let from = 0; from < words.length; from += 1) {
    const rest = words.slice(from).join(' ');
    if (text.startsWith(rest) || rest === text || rest.startsWith(`${text} `)) return Math.min(rest.length, text.length);
  }
  return 0;
}

/**
 * The text that a picture was drawn from, by what stands in its file, or by its name, which tools make of the begin of the text. Null where
 * none fits, and where two different texts fit a name alike.
 *
 * @param candidates the newest first: of texts with the same words the first is meant
 */
export function matchPrompt<Candidate extends MatchCandidate>(
  { name, embedded }: PictureSigns,
  candidates: readonly Candidate[],
): MatchedPrompt<Candidate> | null {
  const known = candidates.map((candidate) => ({ candidate, text: wordsOf(candidate.text).join(' ') }));
  if (embedded !== null) {
    const wanted = wordsOf(embedded).join(' ');
    const same = known.find(({ text }) => text !== '' && text === wanted);
    if (same !== undefined) return { candidate: same.candidate, by: 'text' };
  }
  const said = wordsOf(name.replace(/\.[a-z0-9]{1,5}$/iu, '').replace(jobNumber, '')).join(' ');
  const fitting = known
    .map((one) => ({ ...one, letters: one.text === '' ? 0 : lettersInName(said, one.text) }))
    .filter(({ letters, text }) => letters >= Math.min(leastLetters, text.length) && letters > 0)
    .sort((a, b) => b.letters - a.letters);
  const [best] = fitting;
  if (best === undefined || fitting.some(({ letters, text }) => letters === best.letters && text !== best.text)) return null;
  return { candidate: best.candidate, by: 'name' };
}
