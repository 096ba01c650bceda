import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { makeSlot } from './make-slot.ts';

const words = 'a red fox in deep snow under a pale blue sky soft light flat style'.split(' ');

/** A text as an encoder reads it: the same words, over and over to the length asked for. */
export function makeDocument(length: number, imageSha256: string): PromptDocument {
  const slots = Array.from({ length }, (_, index) => makeSlot(index, words[index % words.length] ?? 'a'));
  return {
    schemaVersion: 2,
    id: `doc-${length}`,
    packId: 'tiny-scenes',
    length,
    imageSha256,
    sources: [{ type: 'reading', sha256: 'f'.repeat(64), packId: 'tiny-scenes', imageSha256, length }],
    slots,
  };
}
