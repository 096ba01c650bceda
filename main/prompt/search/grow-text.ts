import { EMPTY_PLACE, mean, standardError } from '../judged-sweep.ts';
import type { JudgeTexts } from '../judged-sweep.ts';
import type { SearchPlace } from '../search-text.ts';

export interface GrowthOrder {
  /** By place; `EMPTY_PLACE` where there is no word yet. */
  readonly start: readonly number[];
  /** What may stand at each place. */
  readonly places: readonly SearchPlace[];
  /** Losses that may be asked for; the word begun when they run out is finished. */
  readonly evaluations: number;
  /** Whether time is up; asked before each word. */
  readonly isOver: () => boolean;
}

/** Measured on held-out scenes (docs/decisions/0048-readers-are-one-port.md). */
const rules = {
  /** Levels of the first looks, one a word in turn: low ones tell objects and styles, high ones colours and places. */
  firstLevels: [0.55, 0.8, 0.45, 0.7],
  /** Words that meet the text again at fresh noise, which alone decides. */
  finalists: 4,
  lastLevels: [0.45, 0.6, 0.75, 0.9],
  /** Only so many of the last pool are asked again, until nothing of them helps: a word can gain when others stand, so then all are. */
  narrow: 48,
  /** After so many words the whole pool is asked anyway. */
  wholeEvery: 4,
} as const;

interface Proposal {
  readonly index: number;
  readonly tokenId: number;
}

/**
 * Grows a text word by word: of all words that may stand at the empty places, the one that saves the decoder's loss most is taken, when fresh noise
 * shows its gain again beyond its own error. Ends when none does; places may stay empty, because a stray word is worse than none.
 *
 * @param onWord the text so far, after each word that was taken
 */
export async function growText(
  { start, places, evaluations, isOver }: GrowthOrder,
  judge: JudgeTexts,
  onWord: (tokenIds: readonly number[]) => void,
): Promise<{ readonly tokenIds: readonly number[]; readonly evaluations: number }> {
  let text = start;
  let spent = 0;
  const gainsOf = async (proposals: readonly Proposal[], levels: readonly number[]): Promise<number[][]> => {
    const texts = [text, ...proposals.map(({ index, tokenId }) => text.with(index, tokenId))];
    spent += texts.length * levels.length;
    const [before = [], ...after] = await judge(texts, levels);
    return after.map((losses) => losses.map((loss, look) => (before[look] ?? 0) - loss));
  };
  let ranked: readonly Proposal[] = [];
  let words = 0;
  for (let round = 0; spent < evaluations && !isOver(); round += 1) {
    const pool = listPool(text, places);
    if (pool.length === 0) break;
    const isWhole = ranked.length === 0 || words >= rules.wholeEvery;
    if (isWhole) words = 0;
    const asked = isWhole ? pool : ranked.filter((one) => pool.some((open) => open.index === one.index)).slice(0, rules.narrow);
    const level = rules.firstLevels[round % rules.firstLevels.length] ?? rules.firstLevels[0];
    const first = asked.length === 0 ? [] : await gainsOf(asked, [level]);
    const best = asked.map((proposal, at) => ({ proposal, gain: first[at]?.[0] ?? 0 })).sort((a, b) => b.gain - a.gain);
    ranked = best.map(({ proposal }) => proposal);
    const finalists = best
      .filter(({ gain }) => gain > 0)
      .slice(0, rules.finalists)
      .map(({ proposal }) => proposal);
    const last = finalists.length === 0 ? [] : await gainsOf(finalists, rules.lastLevels);
    const nets = last.map((gains) => mean(gains) - standardError(gains));
    const winner = finalists[nets.indexOf(Math.max(...nets))];
    if (winner !== undefined && Math.max(...nets) > 0) {
      text = text.with(winner.index, winner.tokenId);
      words += 1;
      onWord(text);
    } else if (isWhole && level >= LAST_WORD_LEVEL) break;
    else ranked = [];
  }
  return { tokenIds: text, evaluations: spent };
}

/** A growth ends at a high level alone: at a low one, colours and places hardly gain. */
const LAST_WORD_LEVEL = 0.7;

function listPool(text: readonly number[], places: readonly SearchPlace[]): Proposal[] {
  const empty = places.filter(({ index }) => text[index] === EMPTY_PLACE);
  // Which of several places that know the same words takes one matters little, and asking at each would ask many times over.
  const known = new Set<string>();
  return empty
    .filter(({ candidates }) => {
      const words = candidates.map(({ tokenId }) => tokenId).join(' ');
      if (known.has(words)) return false;
      known.add(words);
      return true;
    })
    .flatMap(({ index, candidates }) => candidates.map(({ tokenId }) => ({ index, tokenId })))
    .filter(({ tokenId }) => tokenId !== EMPTY_PLACE);
}
