import { listSource } from '../../contract/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../contract/prompt.ts';
import { visibleWords } from '../../contract/words.ts';
import { refuseTooManySlots, slotsFromText } from '../prompt/slots-from-text.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { SaidWord, Side } from './sentence.ts';

export interface DocumentOptions {
  readonly id: string;
  readonly packId: string;
  /** The tokenizer of that pack. */
  readonly tokenizer: Tokenizer;
  /** Whoever wrote what comes from neither text. */
  readonly writer: TokenSource;
}

/** Where a word of one side comes from, in a blend: its reading, or the text it is of. */
function sourceOf(document: PromptDocument, slot: Slot | undefined, side: Exclude<Side, null>): TokenSource {
  const source = slot === undefined ? undefined : document.sources[slot.source];
  return source?.type === 'reading' || source?.type === 'language' ? source : { type: 'text', side };
}

/**
 * The blend as a document in which every word knows where it is from. What one of the texts says in the same letters keeps its exact tokens.
 *
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function writeDocument(
  words: readonly SaidWord[],
  { a, b }: { readonly a: PromptDocument; readonly b: PromptDocument },
  { id, packId, tokenizer, writer }: DocumentOptions,
): PromptDocument {
  const visible = { a: visibleWords(a.slots), b: visibleWords(b.slots) };
  let sources: TokenSource[] = [];
  const slots: Slot[] = [];
  const list = (source: TokenSource): number => {
    const listed = listSource(sources, source);
    sources = listed.sources;
    return listed.index;
  };
  const number = (): string => `s${slots.length + 1}`;
  for (const { text, from, index } of words) {
    const document = from === 'b' ? b : a;
    const original = from === null || index === null ? undefined : visible[from][index];
    const own = original?.slotIndices.flatMap((at) => document.slots[at] ?? []) ?? [];
    const source = list(from === null ? writer : sourceOf(document, own[0], from));
    const isSame = original?.isWhole === true && original.text === text && document.packId === packId;
    if (!isSame) {
      for (const slot of slotsFromText(text, tokenizer, { firstNumber: 1, source })) slots.push({ ...slot, id: number() });
      continue;
    }
    for (const slot of own) {
      const { tokenId, endsWord, position, exact, probability, weight } = slot;
      const from = list(sourceOf(document, slot, document === a ? 'a' : 'b'));
      slots.push({ id: number(), tokenId, text: slot.text, endsWord, source: from, position, exact, probability, weight });
    }
  }
  refuseTooManySlots(slots.length);
  return { schemaVersion: 2, id, packId, length: null, imageSha256: a.imageSha256, sources, slots };
}
