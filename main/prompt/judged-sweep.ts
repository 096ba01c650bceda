import type { SearchPlace } from './search-text.ts';

/** Lower is better: losses of each text at each of the levels, all at the same fresh noise. */
export type JudgeTexts = (
  texts: readonly (readonly number[])[],
  levels: readonly number[],
) => Promise<readonly (readonly number[])[]>;

export interface SweepOrder {
  readonly start: readonly number[];
  /** Likeliest candidates first. */
  readonly places: readonly SearchPlace[];
  /** Losses that may be asked for; the place begun when they run out is finished. */
  readonly evaluations: number;
}

export interface SweepOutcome {
  readonly tokenIds: readonly number[];
  /** How often another word took a place. */
  readonly changes: number;
  readonly evaluations: number;
}

/**
 * The rules of a sweep, those of models/training/sweep.py (docs/decisions/0038-judged-by-the-decoder.md). Levels are
 * shares of the noise of training: low ones tell objects and styles, high ones colours and places.
 */
const rules = {
  /** At most so many rivals a place, each at least so likely. */
  rivals: 4,
  leastProbability: 0.004,
  firstLevels: [0.55, 0.8],
  finalists: 2,
  lastLevels: [0.45, 0.6, 0.75, 0.9],
  /** Loss that a word must gain for each nat that the reader holds it less likely: facts the decoder hardly draws would else be decided by noise. */
  price: 0.002,
} as const;

/**
 * Place by place, rival words are tried in a text, and one takes the place when the judge sees its gain again. Rivals meet the text's own word at
 * shared first looks; the best of them meet it once more at fresh ones, which alone decide, because the best of several is flattered by the noise
 * that chose it. A gain must exceed its own error and pay for how unlikely the reader holds the word.
 *
 * @param onPlace the text so far, after each place
 */
export async function judgedSweep(
  { start, places, evaluations }: SweepOrder,
  judge: JudgeTexts,
  onPlace: (tokenIds: readonly number[], placesDone: number) => void,
): Promise<SweepOutcome> {
  let text = start;
  let spent = 0;
  let changes = 0;
  const count: JudgeTexts = (texts, levels) => {
    spent += texts.length * levels.length;
    return judge(texts, levels);
  };
  for (const [done, place] of places.entries()) {
    if (spent >= evaluations) break;
    const winner = await decide(text, place, count);
    if (winner !== text[place.index]) {
      text = text.with(place.index, winner);
      changes += 1;
    }
    onPlace(text, done + 1);
  }
  return { tokenIds: text, changes, evaluations: spent };
}

interface Rival {
  readonly tokenId: number;
  /** What its gain has to pay. */
  readonly price: number;
}

/** The token that stays at a place. */
async function decide(text: readonly number[], place: SearchPlace, judge: JudgeTexts): Promise<number> {
  const own = text[place.index] ?? -1;
  const rivals = rivalsAt(place, own);
  if (rivals.length === 0) return own;
  const gainsOf = async (tried: readonly Rival[], levels: readonly number[]): Promise<number[][]> => {
    const texts = [own, ...tried.map(({ tokenId }) => tokenId)].map((tokenId) => text.with(place.index, tokenId));
    const [before = [], ...after] = await judge(texts, levels);
    return after.map((losses) => losses.map((loss, look) => (before[look] ?? 0) - loss));
  };
  const first = await gainsOf(rivals, rules.firstLevels);
  const finalists = rivals
    .map((rival, index) => ({ rival, net: mean(first[index] ?? []) - rival.price }))
    // One that is far behind does not come back.
    .filter(({ net }) => net >= -4 * rules.price)
    .sort((a, b) => b.net - a.net)
    .slice(0, rules.finalists)
    .map(({ rival }) => rival);
  if (finalists.length === 0) return own;
  const last = await gainsOf(finalists, rules.lastLevels);
  const nets = finalists.map(({ price }, index) => mean(last[index] ?? []) - standardError(last[index] ?? []) - price);
  const best = nets.indexOf(Math.max(...nets));
  return (nets[best] ?? 0) > 0 ? (finalists[best]?.tokenId ?? own) : own;
}

/** The likeliest others at a place. A word the reader does not offer there, such as one by hand, is held as unlikely as the least of them. */
function rivalsAt({ candidates }: SearchPlace, own: number): Rival[] {
  const ownProbability = candidates.find(({ tokenId }) => tokenId === own)?.probability ?? rules.leastProbability;
  return candidates
    .filter(({ tokenId, probability }) => tokenId !== own && probability >= rules.leastProbability)
    .slice(0, rules.rivals)
    .map(({ tokenId, probability }) => ({
      tokenId,
      price: rules.price * (Math.log(Math.max(ownProbability, rules.leastProbability)) - Math.log(probability)),
    }));
}

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
