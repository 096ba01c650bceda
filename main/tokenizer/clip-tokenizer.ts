import { StudioError } from '../../contract/errors.ts';
import { byteAlphabet } from './byte-alphabet.ts';
import { encodeWords, endOfWord, wordEncoder } from './encode-words.ts';
import { fillRows } from './fill-rows.ts';
import type { MergeRanks } from './merge-word.ts';
import type { TokenSpan, Tokenizer } from './tokenizer.ts';

/** What a CLIP-format folder says: every token's id, the merges, and the special tokens. */
export interface ClipVocabulary {
  readonly idOfToken: ReadonlyMap<string, number>;
  readonly ranks: MergeRanks;
  readonly bosToken: string;
  readonly eosToken: string;
  readonly padToken: string;
  /** Stands for a byte the vocabulary lacks; CLIP's own has them all. */
  readonly unknownToken: string;
  /** All tokens that are recognised as they are written and never split. */
  readonly specialTokens: readonly string[];
  readonly modelMaxLength: number;
}

/**
 * CLIP's byte-level BPE tokenizer. Written here although libraries have one, because they give ids alone, and the editor needs the
 * characters behind every token: to highlight it, to mark what a target would cut, and to keep the slots an edit did not touch.
 * Ids equal those of Hugging Face's fast CLIPTokenizer (test/golden/tokenizers.json.gz).
 */
export class ClipTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly bosId: number;
  readonly eosId: number;
  readonly padId: number;
  readonly modelMaxLength: number;
  readonly #tokenOfId: ReadonlyMap<number, string>;
  readonly #special: ReadonlyMap<string, number>;
  readonly #specialIds: ReadonlySet<number>;
  readonly #specialPattern: RegExp;
  readonly #encodeWord: ReturnType<typeof wordEncoder>;
  readonly #texts = new Map<number, { readonly text: string; readonly endsWord: boolean }>();

  /** Throws `pack-invalid` when a special token has no id. */
  constructor(vocabulary: ClipVocabulary) {
    const { idOfToken, specialTokens } = vocabulary;
    this.#tokenOfId = new Map(Array.from(idOfToken, ([token, id]) => [id, token]));
    this.vocabularySize = [...this.#tokenOfId.keys()].reduce((largest, id) => Math.max(largest, id), -1) + 1;
    this.bosId = idOfSpecial(vocabulary, vocabulary.bosToken);
    this.eosId = idOfSpecial(vocabulary, vocabulary.eosToken);
    this.padId = idOfSpecial(vocabulary, vocabulary.padToken);
    this.modelMaxLength = vocabulary.modelMaxLength;
    this.#special = new Map(specialTokens.map((token) => [token, idOfSpecial(vocabulary, token)]));
    this.#specialIds = new Set(this.#special.values());
    this.#specialPattern = new RegExp(specialTokens.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
    this.#encodeWord = wordEncoder(idOfToken, vocabulary.ranks, idOfSpecial(vocabulary, vocabulary.unknownToken));
  }

  encode(text: string): TokenSpan[] {
    const spans: TokenSpan[] = [];
    const addToken = (id: number, start: number, end: number): void => {
      const token = this.tokenText(id);
      spans.push({ id, text: token.text, endsWord: token.endsWord, start, end });
    };
    let position = 0;
    for (const { 0: token, index } of text.matchAll(this.#specialPattern)) {
      encodeWords(text.slice(position, index), position, this.#encodeWord, addToken);
      position = index + token.length;
      addToken(this.#special.get(token) ?? this.eosId, index, position);
    }
    encodeWords(text.slice(position), position, this.#encodeWord, addToken);
    return spans;
  }

  decode(ids: readonly number[]): string {
    const bytes: number[] = [];
    for (const id of ids) {
      const token = this.#tokenOf(id);
      if (this.#specialIds.has(id)) continue;
      for (const byte of tokenBytes(token)) bytes.push(byte);
      if (token.endsWith(endOfWord)) bytes.push(32);
    }
    return utf8Text(Uint8Array.from(bytes)).trimEnd();
  }

  hasToken(id: number): boolean {
    return this.#tokenOfId.has(id);
  }

  tokenText(id: number): { readonly text: string; readonly endsWord: boolean } {
    const known = this.#texts.get(id);
    if (known) return known;
    const token = this.#tokenOf(id);
    const isSpecial = this.#specialIds.has(id);
    const made = { text: isSpecial ? token : utf8Text(tokenBytes(token)), endsWord: isSpecial || token.endsWith(endOfWord) };
    this.#texts.set(id, made);
    return made;
  }

  isComma(id: number): boolean {
    return this.tokenText(id).text === ',';
  }

  toModelInputs(texts: readonly (readonly number[])[], { maxLength }: { readonly maxLength: number }): BigInt64Array {
    return fillRows(texts, { length: maxLength, beginId: this.bosId, endId: this.eosId, padId: this.padId });
  }

  #tokenOf(id: number): string {
    const token = this.#tokenOfId.get(id);
    if (token !== undefined) return token;
    throw new StudioError(
      'prompt-invalid',
      `The token ${id} is not in this model's vocabulary.`,
      'Open the prompt with the model it was made with.',
      { id },
    );
  }
}

function idOfSpecial(vocabulary: ClipVocabulary, token: string): number {
  const id = vocabulary.idOfToken.get(token);
  if (id !== undefined) return id;
  throw new StudioError('pack-invalid', `The vocabulary lacks its token ${token}.`, 'Verify or fetch the model again.', {
    token,
  });
}

function tokenBytes(token: string): Uint8Array {
  const characters = token.endsWith(endOfWord) ? token.slice(0, -endOfWord.length) : token;
  return Uint8Array.from(characters, (character) => byteAlphabet.byteOfCharacter.get(character) ?? 0xff);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
function utf8Text(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
