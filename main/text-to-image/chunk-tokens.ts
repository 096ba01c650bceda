/** A token with its emphasis; 1 is neutral. */
export interface WeightedToken {
  readonly id: number;
  readonly weight: number;
}

/** How far from the end of a full chunk a comma may be for the chunk to end there. */
const commaBacktrack = 20;

/**
 * Cuts a prompt into chunks the text encoder takes, as AUTOMATIC1111 does: a full chunk ends after its last comma when that is near the
 * end, so that a phrase is not torn. There is always one chunk.
 */
export function chunkTokens(
  tokens: readonly WeightedToken[],
  chunkLength: number,
  isComma: (id: number) => boolean,
): WeightedToken[][] {
  const chunks: WeightedToken[][] = [];
  let chunk: WeightedToken[] = [];
  let lastComma = -1;
  for (const token of tokens) {
    if (chunk.length === chunkLength) {
      const isNear = !isComma(token.id) && lastComma >= 0 && chunk.length - lastComma <= commaBacktrack;
      const rest = isNear ? chunk.splice(lastComma + 1) : [];
      chunks.push(chunk);
      chunk = rest;
      lastComma = -1;
    }
    if (isComma(token.id)) lastComma = chunk.length;
    chunk.push(token);
  }
  chunks.push(chunk);
  return chunks;
}
