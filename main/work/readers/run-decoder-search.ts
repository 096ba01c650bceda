import type { SearchLoss } from '../../../contract/texts/reader-choice.ts';
import { EMPTY_PLACE, judgedSweep } from '../../prompt/judged-sweep.ts';
import type { TriedWord } from '../../prompt/judged-sweep.ts';
import { growText } from '../../prompt/search/grow-text.ts';
import type { TriedTokens } from '../../prompt/search/token-search.ts';
import type { SearchPlace } from '../../prompt/search-text.ts';
import type { RunContext } from '../../running/run-context.ts';
import type { SearchState } from '../../services/unfinished-work.ts';
import type { LossJudge } from '../solving/loss-judge.ts';
import type { Beginning } from './begin-decoder-search.ts';

/** What a search by the decoder's loss found. */
export interface DecoderText {
  /** By place; `EMPTY_PLACE` where there is no word. */
  readonly tokenIds: readonly number[];
  /** By place, the place's own word first. */
  readonly tried: readonly TriedTokens[];
  /** Null where the search was stopped before it could be compared. */
  readonly loss: SearchLoss | null;
}

export interface DecoderSearchParts {
  readonly beginning: Beginning;
  readonly judge: Pick<LossJudge, 'judge' | 'compare' | 'evaluations' | 'calls'>;
  /** Losses that may be asked for. */
  readonly evaluations: number;
  /** Null: as long as the losses take. */
  readonly seconds: number | null;
  /** Where an earlier run of the same search was when it died; null for a new one. */
  readonly earlier: SearchState | null;
  readonly keep: (state: SearchState) => Promise<void>;
  /** Hears the text whenever a word of it has changed, `EMPTY_PLACE` where there is none. */
  readonly onText: (tokenIds: readonly number[]) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Loss that makes a word e times as likely: the softness with which the recipe learns from the same gains (models/training/from_nothing.py). */
const SOFTNESS = 0.006;
const MOST_ALTERNATIVES = 10;

/**
 * Grows a text where the beginning says so, then sweeps its places until nothing changes or the budget is spent. A search that is cancelled gives
 * the best text it has; `keep` hears of every sweep that is done.
 */
export async function runDecoderSearch(parts: DecoderSearchParts, context: RunContext): Promise<DecoderText> {
  const { beginning, judge, evaluations, seconds, earlier, keep, onText, now } = parts;
  const { places, locked } = beginning;
  const end = seconds === null ? Infinity : now() + seconds * 1000;
  const isOver = (): boolean => now() >= end;
  let text = earlier?.tokenIds ?? beginning.start;
  let sweeps = earlier?.sweeps ?? (beginning.grows ? -1 : 0);
  const tried: TriedTokens[] = places.map((_, place) => earlier?.tried[place] ?? []);
  const left = (): number => evaluations - judge.evaluations;
  const save = (): Promise<void> =>
    keep({
      tokenIds: [...text],
      sweeps,
      evaluations: judge.evaluations,
      calls: judge.calls,
      tried: tried.map((one) => [...one]),
    });
  const found = (loss: SearchLoss | null): DecoderText => ({
    tokenIds: text,
    tried: tried.map((one, place) => ownFirst(one, text[place])),
    loss,
  });
  const free = places.filter(({ index }) => !locked.has(index));
  try {
    if (sweeps < 0) {
      const order = { start: text, places: free, evaluations: left(), isOver };
      await growText(order, judge.judge, (grown) => {
        text = grown;
        onText(text);
      });
      sweeps = 0;
      await save();
    }
    while (sweeps < beginning.sweeps && left() > 0 && !isOver()) {
      const order = {
        start: text,
        places: sweeps === 0 ? free : free.map((place) => withoutHopeless(place, tried[place.index] ?? [])),
        evaluations: left(),
        isOver,
        ...(beginning.width && { width: beginning.width }),
      };
      const { changes } = await judgedSweep(order, judge.judge, (swept, done, words) => {
        if (swept !== text) onText(swept);
        text = swept;
        const place = free[done - 1]?.index;
        if (place !== undefined) tried[place] = toShares(words);
      });
      sweeps = changes === 0 ? beginning.sweeps : sweeps + 1;
      await save();
    }
    const [before = 0, after = 0] = await judge.compare([beginning.start, text]);
    return found({ before, after, evaluations: judge.evaluations });
  } catch (error) {
    if (!context.signal.aborted || text.every((tokenId) => tokenId === EMPTY_PLACE)) throw error;
    return found(null);
  }
}

/** Share below which a word is not asked for again: some .03 of loss behind, which is more than other words of the text make of one look. */
const HOPELESS_SHARE = 0.005;

/** A place without the words that were far behind at its last visit; silence is always tried. */
function withoutHopeless(place: SearchPlace, tried: TriedTokens): SearchPlace {
  if (tried.length === 0) return place;
  const hopeful = new Set(tried.filter(({ probability }) => probability >= HOPELESS_SHARE).map(({ tokenId }) => tokenId));
  const isTried = (tokenId: number): boolean => tokenId === EMPTY_PLACE || hopeful.has(tokenId);
  return { ...place, candidates: place.candidates.filter(({ tokenId }) => isTried(tokenId)) };
}

/** Gains as shares, the largest first; an empty place has a share, and is no word. */
function toShares(words: readonly TriedWord[]): TriedTokens {
  const most = Math.max(...words.map(({ gain }) => gain));
  const weighed = words.map(({ tokenId, gain }) => ({ tokenId, weight: Math.exp((gain - most) / SOFTNESS) }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return weighed
    .map(({ tokenId, weight }) => ({ tokenId, probability: weight / total }))
    .filter(({ tokenId }) => tokenId !== EMPTY_PLACE)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_ALTERNATIVES);
}

/** The word that stands at a place, then the others; one that was never met with others stands alone. */
function ownFirst(tried: TriedTokens, own: number | undefined): TriedTokens {
  if (own === undefined || own === EMPTY_PLACE) return [];
  const known = tried.find(({ tokenId }) => tokenId === own) ?? { tokenId: own, probability: tried.length === 0 ? 1 : 0 };
  return [known, ...tried.filter(({ tokenId }) => tokenId !== own)];
}
