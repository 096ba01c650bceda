import { listSource } from '../../contract/texts/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../contract/texts/prompt.ts';
import { alternativesAt } from '../../contract/texts/reading.ts';
import type { Alternative, Reading } from '../../contract/texts/reading.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** What was read in a picture, and the source under which a document names it. */
export interface NamedReading {
  readonly source: Extract<TokenSource, { type: 'reading' }>;
  readonly reading: Reading;
}

/** What a reader that has no more to say stands at a place with. */
const silence: Alternative = { tokenId: -1, text: '', probability: 1 };

interface Mixed {
  readonly tokenId: number;
  readonly probability: number;
  /** Which of the two says it with more weight. */
  readonly side: 0 | 1;
}

/**
 * The text that two readings of one form say together: at each place the token that is likeliest when both readers' probabilities are
 * added, the second's by its share. A token that both hold likely can win where it is the first choice of neither.
 *
 * @param share of the second, 0..1
 */
export function mixReadings(
  pair: readonly [NamedReading, NamedReading],
  share: number,
  { id, packId, tokenizer }: { readonly id: string; readonly packId: string; readonly tokenizer: Tokenizer },
): PromptDocument {
  let sources: TokenSource[] = [];
  const slots: Slot[] = [];
  const positions = Math.max(...pair.map(({ reading }) => reading.positions));
  for (let position = 0; position < positions; position += 1) {
    const { tokenId, probability, side } = likeliest(pair, position, share);
    if (tokenId === silence.tokenId) continue;
    const { source, reading } = pair[side];
    const listed = listSource(sources, source);
    sources = listed.sources;
    const exact = alternativesAt(reading, position)[0]?.tokenId === tokenId;
    const token = { tokenId, ...tokenizer.tokenText(tokenId) };
    slots.push({ id: `s${slots.length + 1}`, ...token, source: listed.index, position, exact, probability, weight: 1 });
  }
  return { schemaVersion: 2, id, packId, length: null, imageSha256: pair[0].source.imageSha256, sources, slots };
}

function likeliest(pair: readonly [NamedReading, NamedReading], position: number, share: number): Mixed {
  const sums = new Map<number, { readonly weights: [number, number] }>();
  for (const side of [0, 1] as const) {
    const { reading } = pair[side];
    const said = position < reading.positions ? alternativesAt(reading, position) : [silence];
    for (const { tokenId, probability } of said) {
      const { weights } = sums.get(tokenId) ?? { weights: [0, 0] };
      weights[side] += probability * (side === 0 ? 1 - share : share);
      sums.set(tokenId, { weights });
    }
  }
  let best: Mixed = { tokenId: silence.tokenId, probability: 0, side: 0 };
  for (const [tokenId, { weights }] of sums) {
    const [first, second] = weights;
    const probability = Math.min(1, first + second);
    if (probability > best.probability) best = { tokenId, probability, side: second > first ? 1 : 0 };
  }
  return best;
}
