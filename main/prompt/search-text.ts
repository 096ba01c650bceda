/** A place of a text that may change, and the tokens it may change to, most probable first. */
export interface SearchPlace {
  /** Index into the text's tokens. */
  readonly index: number;
  readonly candidates: readonly { readonly tokenId: number; readonly probability: number }[];
}

export interface SearchOrder {
  readonly start: readonly number[];
  readonly places: readonly SearchPlace[];
  /** How many texts may be scored, the start included; at least 1. */
  readonly texts: number;
  /** How many are scored at once. */
  readonly batch: number;
}

export interface SearchOutcome {
  readonly tokenIds: readonly number[];
  readonly startScore: number;
  readonly score: number;
  /** Texts that were scored. */
  readonly scored: number;
}

/** The true score of each text; higher is better. */
export type ScoreTexts = (texts: readonly (readonly number[])[]) => Promise<readonly number[]>;

/**
 * Coordinate search by true scores: the start, then the text with the encoder's first choice at every free place, then one
 * change at a time, the encoder's likeliest first, each taken only when the score rises. Changes that helped alone are
 * tried again on top of the one taken. It goes round until nothing helps any more or no text may be scored; the outcome never
 * scores below the start.
 */
export async function searchText(order: SearchOrder, score: ScoreTexts): Promise<SearchOutcome> {
  const search = new TextSearch(order, score);
  await search.open();
  while (await search.improve());
  return search.outcome;
}

interface Proposal {
  readonly index: number;
  readonly tokenId: number;
}

class TextSearch {
  readonly #order: SearchOrder;
  readonly #score: ScoreTexts;
  readonly #seen = new Set<string>();
  /** Every change there is, likeliest first. */
  readonly #proposals: readonly Proposal[];
  #queue: Proposal[];
  #roseInRound = false;
  #best: readonly number[];
  #bestScore = -Infinity;
  #startScore = 0;

  constructor(order: SearchOrder, score: ScoreTexts) {
    this.#order = order;
    this.#score = score;
    this.#best = order.start;
    this.#proposals = order.places
      .flatMap(({ index, candidates }) => candidates.map((candidate) => ({ index, ...candidate })))
      .sort((a, b) => b.probability - a.probability);
    this.#queue = [...this.#proposals];
  }

  get outcome(): SearchOutcome {
    return { tokenIds: this.#best, startScore: this.#startScore, score: this.#bestScore, scored: this.#seen.size };
  }

  /** The start, and the text as the encoder would write it around what may not change. */
  async open(): Promise<void> {
    const { start, places, texts } = this.#order;
    const fresh = places.reduce((text, { index, candidates }) => put(text, index, candidates[0]?.tokenId ?? start[index]), start);
    const isOther = fresh.some((tokenId, index) => tokenId !== start[index]);
    const [startScore = 0, freshScore = -Infinity] = await this.#scoreAll(texts > 1 && isOther ? [start, fresh] : [start]);
    this.#startScore = startScore;
    this.#best = freshScore > startScore ? fresh : start;
    this.#bestScore = Math.max(startScore, freshScore);
  }

  /** Tries the next changes. False when there is nothing left to try. */
  async improve(): Promise<boolean> {
    if (this.#seen.size >= this.#order.texts) return false;
    if (this.#queue.length === 0) {
      if (!this.#roseInRound) return false;
      this.#roseInRound = false;
      this.#queue = [...this.#proposals];
    }
    const tried = this.#nextTexts();
    const scores = await this.#scoreAll(tried.map(({ text }) => text));
    const helped = tried
      .map((one, index) => ({ ...one, score: scores[index] ?? -Infinity }))
      .filter((one) => one.score > this.#bestScore)
      .sort((a, b) => b.score - a.score);
    const [winner, ...others] = helped;
    if (winner === undefined) return true;
    this.#best = winner.text;
    this.#bestScore = winner.score;
    this.#roseInRound = true;
    this.#queue.unshift(...others.map(({ proposal }) => proposal));
    return true;
  }

  #nextTexts(): { readonly proposal: Proposal; readonly text: readonly number[] }[] {
    const { batch, texts } = this.#order;
    const tried: { readonly proposal: Proposal; readonly text: readonly number[] }[] = [];
    while (tried.length < Math.min(batch, texts - this.#seen.size)) {
      const proposal = this.#queue.shift();
      if (proposal === undefined) break;
      const text = put(this.#best, proposal.index, proposal.tokenId);
      if (!this.#seen.has(text.join(' '))) tried.push({ proposal, text });
    }
    return tried;
  }

  async #scoreAll(texts: readonly (readonly number[])[]): Promise<readonly number[]> {
    for (const text of texts) this.#seen.add(text.join(' '));
    return texts.length === 0 ? [] : this.#score(texts);
  }
}

function put(text: readonly number[], index: number, tokenId: number | undefined): readonly number[] {
  return tokenId === undefined ? text : text.with(index, tokenId);
}
