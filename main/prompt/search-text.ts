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

interface Proposal {
  readonly index: number;
  readonly tokenId: number;
  readonly probability: number;
}

/**
 * Coordinate search by true scores: the start, then the text with the encoder's first choice at every free place, then one
 * change at a time, the encoder's likeliest first, each taken only when the score rises. Changes that helped alone are
 * tried again on top of the one taken. It goes round until nothing helps any more or no text may be scored; the outcome never
 * scores below the start.
 */
export async function searchText(
  { start, places, texts, batch }: SearchOrder,
  score: (texts: readonly (readonly number[])[]) => Promise<readonly number[]>,
): Promise<SearchOutcome> {
  const seen = new Set<string>();
  const isNew = (text: readonly number[]): boolean => !seen.has(text.join(' '));
  const scoreAll = async (candidates: readonly (readonly number[])[]): Promise<readonly number[]> => {
    for (const text of candidates) seen.add(text.join(' '));
    return score(candidates);
  };
  const fresh = places.reduce((text, { index, candidates }) => put(text, index, candidates[0]?.tokenId ?? start[index]), start);
  const openings = texts > 1 && fresh.join(' ') !== start.join(' ') ? [start, fresh] : [start];
  const [startScore = 0, freshScore = -Infinity] = await scoreAll(openings);
  let best = freshScore > startScore ? fresh : start;
  let bestScore = Math.max(startScore, freshScore);

  const all = places.flatMap(({ index, candidates }) => candidates.map((candidate) => ({ index, ...candidate })));
  const proposals = all.sort((a, b) => b.probability - a.probability);
  let queue: Proposal[] = [...proposals];
  let roseInRound = false;
  while (seen.size < texts) {
    if (queue.length === 0) {
      if (!roseInRound) break;
      roseInRound = false;
      queue = [...proposals];
    }
    const tried: { readonly proposal: Proposal; readonly text: readonly number[] }[] = [];
    while (queue.length > 0 && tried.length < Math.min(batch, texts - seen.size)) {
      const proposal = queue.shift();
      if (proposal === undefined) break;
      const text = put(best, proposal.index, proposal.tokenId);
      if (isNew(text)) tried.push({ proposal, text });
    }
    if (tried.length === 0) continue;
    const scores = await scoreAll(tried.map(({ text }) => text));
    const helped = tried
      .map((one, index) => ({ ...one, score: scores[index] ?? -Infinity }))
      .filter((one) => one.score > bestScore)
      .sort((a, b) => b.score - a.score);
    const [winner, ...others] = helped;
    if (winner === undefined) continue;
    best = winner.text;
    bestScore = winner.score;
    roseInRound = true;
    queue.unshift(...others.map(({ proposal }) => proposal));
  }
  return { tokenIds: best, startScore, score: bestScore, scored: seen.size };
}

function put(text: readonly number[], index: number, tokenId: number | undefined): readonly number[] {
  return tokenId === undefined ? text : text.with(index, tokenId);
}
