import type { TokenRows } from '../../tokenizer/fill-rows.ts';
import { TorchGenerator } from '../../tensor/seeded-noise.ts';
import { compareWithTable } from './token-table.ts';
import type { TokenTable } from './token-table.ts';
import { WordLikenesses } from './word-likenesses.ts';

/** How alike each text of exact tokens is to the picture: cosines, in the order of the rows, which are all full. */
export type CompareTexts = (texts: TokenRows) => Promise<Float32Array>;

/** A word that is given for a place; one that is locked stays. */
export interface GivenToken {
  readonly tokenId: number;
  readonly isLocked: boolean;
}

export type SearchAim = 'most' | 'least';

export interface TokenSearchOrder {
  /** Words that are tried: those that alone are most like the picture (`listLikest`). */
  readonly shortlist: readonly number[];
  /** What is known of the words tried and given; it may hold others (`narrowTable`). */
  readonly table: TokenTable;
  /** Tokens of the text. */
  readonly length: number;
  /** For the first places; the others are grown. At most `length`. */
  readonly given: readonly GivenToken[];
  /** Whether words are sought that fit the picture most or least. */
  readonly aim: SearchAim;
  /** What a text loses for saying the same twice: this, times its mean likeness of each word to the nearest other. */
  readonly diversity: number;
  /** Decides the order in which sweeps visit the places. */
  readonly seed: number;
}

/** Words that were tried at a place, likeliest first, with shares that sum to 1. */
export type TriedTokens = readonly { readonly tokenId: number; readonly probability: number }[];

export interface FoundText {
  readonly tokenIds: readonly number[];
  /** For each place its own word first. */
  readonly alternatives: readonly TriedTokens[];
  /** Cosine of text and picture. */
  readonly likeness: number;
}

/** How far a search is, once its text is grown. */
export interface TokenSearchState {
  readonly tokenIds: readonly number[];
  /** Sweeps that are done. */
  readonly sweeps: number;
  /** By place, the words of its last visit; none where it was not visited. */
  readonly tried: readonly TriedTokens[];
}

export interface TokenSearchSteps {
  /** The best text so far, after each place that was grown and each that was swept, of `steps` in all. */
  readonly onStep: (text: FoundText, step: number, steps: number) => void;
  /** Where an earlier run of the same search was when it died; absent for a new one. */
  readonly earlier?: TokenSearchState | null;
  /** Hears of the growth and of every sweep that is done. */
  readonly onSweep?: (state: TokenSearchState) => void;
}

/** Words a search tries. */
export const WORDS_TRIED = 64;

const rules = {
  /** Beginnings that are grown on; fewer where texts are long, because each then costs more and tells less. */
  beam: 4,
  longBeam: 2,
  longFrom: 16,
  /** Sweeps over all places; one that changes nothing is the last. */
  sweeps: 3,
  alternatives: 10,
  /** CLIP's own scale of cosines, at which its softmax was trained (Radford et al. 2021, section 2.5: clipped at 100). */
  scale: 100,
} as const;

/**
 * Reads a picture with a scorer alone, without gradients: of a shortlist, the words that are most like it by themselves, a beam grows a text,
 * and sweeps try every word of the shortlist at every place again. A text's worth is its cosine to the picture, less what it says twice.
 * The visits of the last sweeps give each place its alternatives. The same order gives the same text.
 */
export async function searchTokens(order: TokenSearchOrder, compare: CompareTexts, steps: TokenSearchSteps): Promise<FoundText> {
  const search = new TokenSearch(order, compare, steps);
  const { earlier = null, onSweep } = steps;
  if (earlier === null) await search.grow();
  else await search.goOn(earlier);
  let sweep = earlier?.sweeps ?? 0;
  if (earlier === null) onSweep?.(search.stateAfter(sweep));
  while (sweep < rules.sweeps) {
    const isChanged = await search.sweep(sweep);
    sweep = isChanged ? sweep + 1 : rules.sweeps;
    onSweep?.(search.stateAfter(sweep));
  }
  return search.found;
}

interface ScoredText {
  readonly tokenIds: readonly number[];
  readonly likeness: number;
  /** Higher is better, whatever the aim. */
  readonly worth: number;
}

interface ScoredTexts {
  /** In the order they were asked about. */
  readonly worths: Float64Array;
  readonly textAt: (index: number) => ScoredText;
}

/** Words tried at one place of a text, or after it. */
interface Trial {
  readonly text: readonly number[];
  readonly place: number;
  readonly tried: readonly number[];
}

class TokenSearch {
  readonly #order: TokenSearchOrder;
  readonly #compare: CompareTexts;
  readonly #steps: TokenSearchSteps;
  readonly #sign: number;
  readonly #shortlist: readonly number[];
  readonly #likenesses: WordLikenesses;
  readonly #visited = new Map<number, TriedTokens>();
  readonly #stepsInAll: number;
  #step = 0;
  #text: ScoredText = { tokenIds: [], likeness: 0, worth: -Infinity };

  constructor(order: TokenSearchOrder, compare: CompareTexts, steps: TokenSearchSteps) {
    this.#order = order;
    this.#compare = compare;
    this.#steps = steps;
    this.#sign = order.aim === 'most' ? 1 : -1;
    this.#shortlist = order.shortlist;
    this.#likenesses = new WordLikenesses(order.table, [...this.#shortlist, ...order.given.map(({ tokenId }) => tokenId)]);
    const locked = order.given.filter(({ isLocked }) => isLocked).length;
    this.#stepsInAll = order.length - order.given.length + rules.sweeps * (order.length - locked);
  }

  get found(): FoundText {
    const { tokenIds, likeness } = this.#text;
    const alone = (tokenId: number): TriedTokens => [{ tokenId, probability: 1 }];
    return { tokenIds, likeness, alternatives: tokenIds.map((tokenId, place) => this.#visited.get(place) ?? alone(tokenId)) };
  }

  stateAfter(sweeps: number): TokenSearchState {
    const { tokenIds } = this.#text;
    return { tokenIds, sweeps, tried: tokenIds.map((_, place) => this.#visited.get(place) ?? []) };
  }

  /** Takes up a search where it was. */
  async goOn({ tokenIds, sweeps, tried }: TokenSearchState): Promise<void> {
    this.#text = await this.#scoreOne(tokenIds);
    for (const [place, words] of tried.entries()) if (words.length > 0) this.#visited.set(place, words);
    const { given, length } = this.#order;
    const swept = length - given.filter(({ isLocked }) => isLocked).length;
    this.#step = length - given.length + sweeps * swept;
  }

  /** Grows what is given to the whole length. */
  async grow(): Promise<void> {
    const { given, length } = this.#order;
    const start = given.map(({ tokenId }) => tokenId);
    let beam = start.length === 0 ? [this.#text] : [await this.#scoreOne(start)];
    for (let place = start.length; place < length; place += 1) {
      const width = place < rules.longFrom ? rules.beam : rules.longBeam;
      const tried = this.#shortlist;
      beam = best(await this.#score(beam.map(({ tokenIds: text }) => ({ text, place, tried }))), width);
      this.#text = beam[0] ?? this.#text;
      this.#tell();
    }
    this.#text = beam[0] ?? this.#text;
  }

  /** Tries every word at every place that is not locked. False when none was better. */
  async sweep(number: number): Promise<boolean> {
    const { given, length, seed } = this.#order;
    let isChanged = false;
    const places = Array.from({ length }, (_, place) => place).filter((place) => given[place]?.isLocked !== true);
    for (const place of inChance(places, seed + number)) {
      const own = this.#text.tokenIds[place] ?? -1;
      const tried = [own, ...this.#shortlist.filter((tokenId) => tokenId !== own)];
      const texts = await this.#score([{ text: this.#text.tokenIds, place, tried }]);
      const [winner] = best(texts, 1);
      this.#visited.set(place, shares(tried, texts.worths));
      if (winner !== undefined && winner.worth > (texts.worths[0] ?? Infinity)) {
        this.#text = winner;
        isChanged = true;
      }
      this.#tell();
    }
    return isChanged;
  }

  #tell(): void {
    this.#step += 1;
    this.#steps.onStep(this.found, this.#step, this.#stepsInAll);
  }

  async #scoreOne(text: readonly number[]): Promise<ScoredText> {
    const { worths, textAt } = await this.#score([{ text, place: 0, tried: text.slice(0, 1) }]);
    return worths.length === 0 ? this.#text : textAt(0);
  }

  /**
   * All words tried, one text after the other, all as long. A search asks about thousands of texts a second, so that nothing is made for each.
   */
  async #score(trials: readonly Trial[]): Promise<ScoredTexts> {
    const { diversity } = this.#order;
    const length = trials.reduce((most, { text, place }) => Math.max(most, text.length, place + 1), 1);
    const count = trials.reduce((sum, { tried }) => sum + tried.length, 0);
    const tokenIds = new Int32Array(count * length);
    let start = 0;
    for (const { text, place, tried } of trials) {
      for (const tokenId of tried) {
        // `set` of an array of numbers takes three times as long.
        for (let at = 0; at < text.length; at += 1) tokenIds[start + at] = text[at] ?? -1;
        tokenIds[start + place] = tokenId;
        start += length;
      }
    }
    const likenesses = await this.#compare({ length, tokenIds });
    const worths = new Float64Array(count);
    let at = 0;
    for (const { text, place, tried } of trials) {
      for (const repetition of this.#likenesses.repetitionsAt(text, place, tried)) {
        worths[at] = this.#sign * (likenesses[at] ?? 0) - diversity * repetition;
        at += 1;
      }
    }
    const textAt = (index: number): ScoredText => ({
      tokenIds: [...tokenIds.subarray(index * length, (index + 1) * length)],
      likeness: likenesses[index] ?? 0,
      worth: worths[index] ?? -Infinity,
    });
    return { worths, textAt };
  }
}

/** The words of a table that alone are most like a picture, or least; the lower id first where they are equal. */
export function listLikest(table: TokenTable, picture: Float32Array, count: number, aim: SearchAim): number[] {
  const likeness = compareWithTable(table, picture);
  const rows = Array.from(likeness, (_, row) => row);
  const worthOf = (row: number): number => (aim === 'most' ? 1 : -1) * (likeness[row] ?? 0);
  rows.sort((a, b) => worthOf(b) - worthOf(a) || a - b);
  return rows.slice(0, count).map((row) => table.tokenIds[row] ?? -1);
}

/** The worthiest, first come first where they are equal. Of hundreds a few are wanted, so that nothing is sorted. */
function best({ worths, textAt }: ScoredTexts, count: number): ScoredText[] {
  const places: number[] = [];
  for (let index = 0; index < worths.length; index += 1) {
    let at = places.length;
    while (at > 0 && (worths[index] ?? 0) > (worths[places[at - 1] ?? 0] ?? 0)) at -= 1;
    if (at >= count) continue;
    places.splice(at, 0, index);
    if (places.length > count) places.pop();
  }
  return places.map(textAt);
}

/** The worths of words tried at one place as shares, the worthiest first. */
function shares(tried: readonly number[], worths: Float64Array): TriedTokens {
  const most = worths.reduce((greatest, worth) => Math.max(greatest, worth), -Infinity);
  const weighed = tried.map((tokenId, index) => ({
    tokenId,
    probability: Math.exp(rules.scale * ((worths[index] ?? 0) - most)),
  }));
  const total = weighed.reduce((sum, { probability }) => sum + probability, 0);
  return weighed
    .sort((a, b) => b.probability - a.probability)
    .slice(0, rules.alternatives)
    .map(({ tokenId, probability }) => ({ tokenId, probability: probability / total }));
}

function inChance(places: readonly number[], seed: number): number[] {
  const chances = new TorchGenerator(seed).randn(places.length);
  return places
    .map((place, index) => ({ place, chance: chances[index] ?? 0 }))
    .sort((a, b) => a.chance - b.chance)
    .map(({ place }) => place);
}
