import type { SearchPlace } from './search-text.ts';

/** Lower is better: losses of each text at each of the levels, all at the same fresh noise. */
export type JudgeTexts = (
  texts: readonly (readonly number[])[],
  levels: readonly number[],
) => Promise<readonly (readonly number[])[]>;

/** What stands at a place without a word. */
export const EMPTY_PLACE = -1;

export interface SweepOrder {
  readonly start: readonly number[];
  /** Likeliest candidates first. */
  readonly places: readonly SearchPlace[];
  /** Losses that may be asked for; the place begun when they run out is finished. */
  readonly evaluations: number;
  /** How wide it looks; absent: the recipe's own way with an encoder's candidates. */
  readonly width?: SweepWidth;
  /** Whether time is up; asked before each place. */
  readonly isOver?: () => boolean;
}

export interface SweepWidth {
  /** Rivals a place. */
  readonly rivals: number;
  /** Of them, how many meet the text's own word again. */
  readonly finalists: number;
  /** Of more rivals than this, only so many of the best at the first level are asked at the second; absent: all. */
  readonly second?: number;
}

/** A word that was tried at a place. */
export interface TriedWord {
  readonly tokenId: number;
  /** Loss it saves beside the word that stood there, by the newest meeting; 0 for that word itself. */
  readonly gain: number;
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
  width: { rivals: 4, finalists: 2 },
  /** Of a rival. */
  leastProbability: 0.004,
  firstLevels: [0.55, 0.8],
  lastLevels: [0.45, 0.6, 0.75, 0.9],
  /** Loss that a word must gain for each nat that the reader holds it less likely: facts the decoder hardly draws would else be decided by noise. */
  price: 0.002,
} as const;

/**
 * Place by place, rival words are tried in a text, and one takes the place when the judge sees its gain again. Rivals meet the text's own word at
 * shared first looks; the best of them meet it once more at fresh ones, which alone decide, because the best of several is flattered by the noise
 * that chose it. A gain must exceed its own error and pay for how unlikely the reader holds the word.
 *
 * A place may be empty: it holds `EMPTY_PLACE`, which a judge leaves out of the text.
 *
 * @param onPlace the text so far, after each place, and the words that were tried there
 */
export async function judgedSweep(
  { start, places, evaluations, width = rules.width, isOver = () => false }: SweepOrder,
  judge: JudgeTexts,
  onPlace: (tokenIds: readonly number[], placesDone: number, tried: readonly TriedWord[]) => void,
): Promise<SweepOutcome> {
  let text = start;
  let spent = 0;
  let changes = 0;
  const count: JudgeTexts = (texts, levels) => {
    spent += texts.length * levels.length;
    return judge(texts, levels);
  };
  for (const [done, place] of places.entries()) {
    if (spent >= evaluations || isOver()) break;
    const { winner, tried } = await decide(text, place, width, count);
    if (winner !== text[place.index]) {
      text = text.with(place.index, winner);
      changes += 1;
    }
    onPlace(text, done + 1, tried);
  }
  return { tokenIds: text, changes, evaluations: spent };
}

/** What rivals gain at the first levels, or at the first of them alone where many others gain more there. */
async function firstGains(
  rivals: readonly Rival[],
  most: number,
  gainsOf: (tried: readonly Rival[], levels: readonly number[]) => Promise<number[][]>,
): Promise<number[][]> {
  const [level, ...others] = rules.firstLevels;
  if (rivals.length <= most) return gainsOf(rivals, rules.firstLevels);
  const gains = await gainsOf(rivals, [level]);
  const best = rivals
    .map((rival, index) => ({ rival, index, net: mean(gains[index] ?? []) - rival.price }))
    .sort((a, b) => b.net - a.net)
    .slice(0, most);
  const again = await gainsOf(
    best.map(({ rival }) => rival),
    others,
  );
  for (const [at, { index }] of best.entries()) gains[index]?.push(...(again[at] ?? []));
  return gains;
}

interface Rival {
  readonly tokenId: number;
  /** What its gain has to pay. */
  readonly price: number;
}

/** The token that stays at a place, and those that were tried. */
async function decide(
  text: readonly number[],
  place: SearchPlace,
  width: SweepWidth,
  judge: JudgeTexts,
): Promise<{ winner: number; tried: TriedWord[] }> {
  const own = text[place.index] ?? EMPTY_PLACE;
  const rivals = rivalsAt(place, own, width.rivals);
  const gains = new Map([[own, 0]]);
  const answer = (winner: number): { winner: number; tried: TriedWord[] } => ({
    winner,
    tried: Array.from(gains, ([tokenId, gain]) => ({ tokenId, gain })),
  });
  if (rivals.length === 0) return answer(own);
  const gainsOf = async (tried: readonly Rival[], levels: readonly number[]): Promise<number[][]> => {
    const texts = [own, ...tried.map(({ tokenId }) => tokenId)].map((tokenId) => text.with(place.index, tokenId));
    const [before = [], ...after] = await judge(texts, levels);
    return after.map((losses) => losses.map((loss, look) => (before[look] ?? 0) - loss));
  };
  const first = await firstGains(rivals, width.second ?? Infinity, gainsOf);
  for (const [index, { tokenId }] of rivals.entries()) gains.set(tokenId, mean(first[index] ?? []));
  const finalists = rivals
    .map((rival, index) => ({ rival, net: mean(first[index] ?? []) - rival.price }))
    // One that is far behind does not come back.
    .filter(({ net }) => net >= -4 * rules.price)
    .sort((a, b) => b.net - a.net)
    .slice(0, width.finalists)
    .map(({ rival }) => rival);
  if (finalists.length === 0) return answer(own);
  const last = await gainsOf(finalists, rules.lastLevels);
  for (const [index, { tokenId }] of finalists.entries()) gains.set(tokenId, mean(last[index] ?? []));
  const nets = finalists.map(({ price }, index) => mean(last[index] ?? []) - standardError(last[index] ?? []) - price);
  const best = nets.indexOf(Math.max(...nets));
  return answer((nets[best] ?? 0) > 0 ? (finalists[best]?.tokenId ?? own) : own);
}

/** The likeliest others at a place. A word the reader does not offer there, such as one by hand, is held as unlikely as the least of them. */
function rivalsAt({ candidates }: SearchPlace, own: number, most: number): Rival[] {
  const ownProbability = candidates.find(({ tokenId }) => tokenId === own)?.probability ?? rules.leastProbability;
  return candidates
    .filter(({ tokenId, probability }) => tokenId !== own && probability >= rules.leastProbability)
    .slice(0, most)
    .map(({ tokenId, probability }) => ({
      tokenId,
      price: rules.price * (Math.log(Math.max(ownProbability, rules.leastProbability)) - Math.log(probability)),
    }));
}

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a mean over independent values; NaN of fewer than two. */
export function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
