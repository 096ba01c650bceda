import type { PromptDocument, Slot } from '../../../contract/texts/prompt.ts';
import type { Alternative, Reading } from '../../../contract/texts/reading.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

/** A document as the encoder makes it: one slot a token of the text, exact, read from a picture. */
export function encodedDocument(text: string, tokenizer: Tokenizer, imageSha256 = 'a'.repeat(64)): PromptDocument {
  const spans = tokenizer.encode(text);
  const slots: Slot[] = spans.map((span, position) => ({
    id: `q${position}`,
    tokenId: span.id,
    ...tokenizer.tokenText(span.id),
    source: 0,
    position,
    exact: true,
    probability: 0.75,
    weight: 1,
  }));
  const length = Math.max(1, spans.length);
  const source = { type: 'reading' as const, sha256: 'e'.repeat(64), packId: 'tiny-scenes', imageSha256, length };
  return { schemaVersion: 2, id: 'document', packId: 'tiny-scenes', length, imageSha256, sources: [source], slots };
}

/** What the encoder read at a slot of such a document: the slot's own token, and one other. */
export function encodedAlternatives(slot: Pick<Slot, 'tokenId' | 'text'>, tokenizer: Tokenizer): Alternative[] {
  const other = tokenizer.encode('alternative')[0];
  return [
    { tokenId: slot.tokenId, text: slot.text, probability: 0.75 },
    { tokenId: other?.id ?? 0, text: 'alternative', probability: 0.25 },
  ];
}

/** The reading of such a document, which looks at all four patches alike. */
export function encodedReading({ slots, imageSha256, length }: PromptDocument, tokenizer: Tokenizer): Reading {
  const all = slots.flatMap((slot) => encodedAlternatives(slot, tokenizer));
  return {
    schemaVersion: 1,
    reader: { method: 'de-diffusion', packId: 'tiny-scenes', packVersion: '1.0.0' },
    imageSha256,
    length: length ?? 1,
    patchGrid: { rows: 2, columns: 2 },
    positions: slots.length,
    topK: 2,
    tokenIds: Int32Array.from(all, ({ tokenId }) => tokenId),
    probabilities: Float32Array.from(all, ({ probability }) => probability),
    attention: new Uint16Array(slots.length * 4).fill(16_384),
    texts: new Map(all.map(({ tokenId, text }) => [tokenId, text])),
  };
}
