import type { SpokenGroup, WordGroup } from '../../../../contract/texts/text-help.ts';
import { isContentWord } from '../../../../contract/texts/words.ts';
import type { Word } from '../prompt-text.ts';

/** A stretch of the text whose words speak of one thing; null where nobody knows what they speak of. Stretches leave no character out. */
export interface GroupStretch {
  readonly group: WordGroup | null;
  readonly from: number;
  readonly to: number;
}

type SpokenWord = Pick<Word, 'from' | 'to' | 'text'> & { group: SpokenGroup };

/** They tell of what comes after them: `dark orange horizon` is all of the background. */
const telling: ReadonlySet<SpokenGroup> = new Set(['colour', 'light']);
const told: ReadonlySet<SpokenGroup> = new Set(['subject', 'background']);

/** Words that tell of the thing after them join it; from the end, so that several before one thing all do. */
function joinTelling(words: readonly SpokenWord[]): void {
  let next: SpokenWord | null = null;
  for (const word of words.toReversed()) {
    if (next !== null && telling.has(word.group) && (told.has(next.group) || (word.group === 'light' && next.group === 'colour')))
      word.group = next.group;
    // A word such as `and` does not part what tells from what is told of; any other does.
    if (isContentWord(word.text)) next = word;
  }
}

/**
 * A reader says one thing at a stretch of places, so a lone word between two that speak of one thing goes with them; and a lone word of
 * place, such as `behind`, goes with the thing after it.
 */
function joinLone(words: readonly SpokenWord[]): void {
  const spoken = words.filter(({ group }) => group !== 'none');
  spoken.forEach((word, at) => {
    const [before, after] = [spoken[at - 1], spoken[at + 1]];
    if (word.group === null || after === undefined || before?.group === word.group || after.group === word.group) return;
    const isBetween = before !== undefined && before.group !== null && before.group === after.group;
    if (isBetween || (word.group === 'place' && told.has(after.group))) word.group = after.group;
  });
}

/**
 * Takes a text apart into stretches that each speak of one thing. Words that speak of nothing by themselves go with what follows them, or at
 * the end with what they follow; words that nobody knows are in no group and stand apart.
 * @param words in the order of the text
 * @param groupOf what a word speaks of
 * @param length characters of the text
 */
export function groupStretches(
  words: readonly Word[],
  groupOf: (text: string) => SpokenGroup,
  length: number,
): readonly GroupStretch[] {
  const spoken: SpokenWord[] = words.map(({ from, to, text }) => ({ from, to, text, group: groupOf(text) }));
  joinTelling(spoken);
  joinLone(spoken);
  const stretches: { group: WordGroup | null; from: number; to: number }[] = [];
  /** Where the words that go with what follows began; null where there are none. */
  let waiting: number | null = null;
  for (const { from, group } of spoken) {
    const last = stretches.at(-1);
    if (group === 'none') waiting ??= from;
    else {
      if (last === undefined) stretches.push({ group, from: 0, to: length });
      else if (last.group !== group) {
        last.to = waiting ?? from;
        stretches.push({ group, from: last.to, to: length });
      }
      waiting = null;
    }
  }
  return stretches;
}
