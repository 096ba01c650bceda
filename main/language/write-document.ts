import { listSource } from '../../contract/texts/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../contract/texts/prompt.ts';
import { visibleWords } from '../../contract/texts/words.ts';
import { refuseTooManySlots, slotsFromText } from '../prompt/slots-from-text.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Letter, SaidWord } from './sentence.ts';

export interface DocumentOptions {
  readonly id: string;
  readonly packId: string;
  /** The tokenizer of that pack. */
  readonly tokenizer: Tokenizer;
  /** Whoever wrote what comes from neither text. */
  readonly writer: TokenSource;
}

/** Where a word of one side comes from, in a blend: its reading, or the text it is of. Only the first two texts are told apart. */
function sourceOf(document: PromptDocument, slot: Slot | undefined, side: Letter): TokenSource {
  const source = slot === undefined ? undefined : document.sources[slot.source];
  return source?.type === 'reading' || source?.type === 'language'
    ? source
    : side === 'a' || side === 'b'
      ? { type: 'text', side }
      : { type: 'text' };
}

/**
 * The blend as a document in which every word knows where it is from. What one of the texts says in the same letters keeps its exact tokens.
 *
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function writeDocument(
  words: readonly SaidWord[],
  documents: Readonly<Partial<Record<Letter, PromptDocument>>>,
  { id, packId, tokenizer, writer }: DocumentOptions,
): PromptDocument {
  const visible = new Map(Object.values(documents).map((document) => [document, visibleWords(document.slots)]));
  let sources: TokenSource[] = [];
  const slots: Slot[] = [];
  const list = (source: TokenSource): number => {
    const listed = listSource(sources, source);
    sources = listed.sources;
    return listed.index;
  };
  const number = (): string => `s${slots.length + 1}`;
  const write = (text: string, source: number): void => {
    for (const slot of slotsFromText(text, tokenizer, { firstNumber: 1, source })) slots.push({ ...slot, id: number() });
  };
  for (const { text, from, index } of words) {
    const document = from === null ? undefined : documents[from];
    if (from === null || document === undefined) {
      write(text, list(writer));
      continue;
    }
    const original = index === null ? undefined : visible.get(document)?.[index];
    const own = original?.slotIndices.flatMap((at) => document.slots[at] ?? []) ?? [];
    const isSame = original?.isWhole === true && original.text === text && document.packId === packId;
    if (!isSame) {
      write(text, list(sourceOf(document, own[0], from)));
      continue;
    }
    for (const slot of own) {
      const { tokenId, endsWord, position, exact, probability, weight } = slot;
      const source = list(sourceOf(document, slot, from));
      slots.push({ id: number(), tokenId, text: slot.text, endsWord, source, position, exact, probability, weight });
    }
  }
  refuseTooManySlots(slots.length);
  return { schemaVersion: 2, id, packId, length: null, imageSha256: documents.a?.imageSha256 ?? null, sources, slots };
}
