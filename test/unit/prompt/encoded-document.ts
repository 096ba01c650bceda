import type { PromptDocument, Slot } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

/** A document as the encoder makes it: one slot a token of the text, exact, with attention and two alternatives. */
export function encodedDocument(text: string, tokenizer: Tokenizer): PromptDocument {
  const spans = tokenizer.encode(text);
  const slots: Slot[] = spans.map((span, position) => {
    const token = tokenizer.tokenText(span.id);
    const other = tokenizer.encode('alternative')[0];
    return {
      id: `q${position}`,
      tokenId: span.id,
      text: token.text,
      endsWord: token.endsWord,
      origin: 'imageA',
      exact: true,
      probability: 0.75,
      position,
      alternatives: [
        { tokenId: span.id, text: token.text, probability: 0.75 },
        { tokenId: other?.id ?? 0, text: 'alternative', probability: 0.25 },
      ],
      attention: [0.25, 0.25, 0.25, 0.25],
      weight: 1,
      locked: false,
      muted: false,
    };
  });
  return {
    schemaVersion: 1,
    id: 'document',
    packId: 'tiny-scenes',
    length: spans.length,
    imageSha256: 'a'.repeat(64),
    patchGrid: { rows: 2, columns: 2 },
    slots,
  };
}
