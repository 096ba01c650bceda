import { fillRows } from './fill-rows.ts';
import type { PromptTokenizer } from './prompt-tokenizer.ts';

/** A token that is recognised as it is written, and never split. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** True where it takes the white space before or after it with it. */
  readonly stripsLeft: boolean;
  readonly stripsRight: boolean;
}

export interface UnigramVocabulary {
  /** Pieces with the logarithms of how likely they are; a piece's id is its place. */
  readonly pieces: readonly (readonly [piece: string, score: number])[];
  readonly unknownId: number;
  readonly endId: number;
  readonly padId: number;
  readonly added: readonly AddedToken[];
  readonly modelMaxLength: number;
  /** Text without added tokens → the words pieces are looked for in. */
  readonly splitWords: (text: string, isFirst: boolean) => readonly string[];
}

/** How much less likely than the least likely piece a character is that no piece covers (SentencePiece, kUnkPenalty). */
const unknownPenalty = 10;

interface PieceNode {
  id: number | null;
  score: number;
  readonly next: Map<string, PieceNode>;
}

interface Best {
  score: number;
  start: number;
  id: number | null;
}

/**
 * T5's tokenizer: the likeliest way to cut a text into pieces (Kudo 2018). Ids equal those of Hugging Face's tokenizers
 * (test/golden/tokenizers.json.gz).
 */
export class UnigramTokenizer implements PromptTokenizer {
  readonly modelMaxLength: number;
  readonly vocabularySize: number;
  readonly #vocabulary: UnigramVocabulary;
  readonly #root: PieceNode = { id: null, score: 0, next: new Map() };
  readonly #unknownScore: number;
  readonly #addedPattern: RegExp | null;
  readonly #idOfAdded: ReadonlyMap<string, number>;

  constructor(vocabulary: UnigramVocabulary) {
    this.#vocabulary = vocabulary;
    this.modelMaxLength = vocabulary.modelMaxLength;
    this.vocabularySize = vocabulary.pieces.length;
    let least = Number.POSITIVE_INFINITY;
    for (const [id, [piece, score]] of vocabulary.pieces.entries()) {
      least = Math.min(least, score);
      this.#add(piece, score, id);
    }
    this.#unknownScore = least - unknownPenalty;
    this.#idOfAdded = new Map(vocabulary.added.map(({ content, id }) => [content, id]));
    this.#addedPattern = vocabulary.added.length === 0 ? null : patternOf(vocabulary.added);
  }

  encode(text: string): readonly { readonly id: number }[] {
    const ids: number[] = [];
    let position = 0;
    const addWords = (part: string): void => {
      if (part === '') return;
      for (const word of this.#vocabulary.splitWords(part, position === 0)) ids.push(...this.#cut(word));
    };
    for (const found of this.#addedPattern ? text.matchAll(this.#addedPattern) : []) {
      addWords(text.slice(position, found.index));
      ids.push(this.#idOfAdded.get(found[0].trim()) ?? this.#vocabulary.unknownId);
      position = found.index + found[0].length;
    }
    addWords(text.slice(position));
    return ids.map((id) => ({ id }));
  }

  isComma(id: number): boolean {
    return this.#vocabulary.pieces[id]?.[0] === ',';
  }

  toModelInputs(texts: readonly (readonly number[])[], { maxLength }: { readonly maxLength: number }): BigInt64Array {
    const { padId, endId } = this.#vocabulary;
    return fillRows(texts, { length: maxLength, beginId: null, endId, padId });
  }

  #add(piece: string, score: number, id: number): void {
    let node = this.#root;
    for (const character of piece) {
      const next = node.next.get(character) ?? { id: null, score: 0, next: new Map<string, PieceNode>() };
      node.next.set(character, next);
      node = next;
    }
    node.id = id;
    node.score = score;
  }

  /** Viterbi over the characters of a word; of two ways equally likely the one that was found first stays. */
  #cut(word: string): number[] {
    const characters = Array.from(word);
    const best: (Best | undefined)[] = [{ score: 0, start: 0, id: null }];
    const offer = (end: number, score: number, start: number, id: number | null): void => {
      const known = best[end];
      if (known === undefined || score > known.score) best[end] = { score, start, id };
    };
    for (let start = 0; start < characters.length; start += 1) {
      const before = best[start]?.score ?? 0;
      let node: PieceNode | undefined = this.#root;
      let coversOne = false;
      for (let end = start + 1; end <= characters.length; end += 1) {
        node = node.next.get(characters[end - 1] ?? '');
        if (!node) break;
        if (node.id === null) continue;
        offer(end, before + node.score, start, node.id);
        coversOne ||= end === start + 1;
      }
      if (!coversOne) offer(start + 1, before + this.#unknownScore, start, null);
    }
    const ids: number[] = [];
    let wasUnknown = false;
    for (let end = characters.length; end > 0; end = best[end]?.start ?? 0) {
      const id = best[end]?.id ?? null;
      // Characters without a piece that follow one another are one unknown token.
      if (id !== null || !wasUnknown) ids.push(id ?? this.#vocabulary.unknownId);
      wasUnknown = id === null;
    }
    return ids.reverse();
  }
}

/** Longest first where one begins as another. */
function patternOf(added: readonly AddedToken[]): RegExp {
  const parts = added
    .toSorted((first, second) => second.content.length - first.content.length)
    .map(({ content, stripsLeft, stripsRight }) => {
      const escaped = content.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      return `${stripsLeft ? '\\s*' : ''}${escaped}${stripsRight ? '\\s*' : ''}`;
    });
  return new RegExp(parts.join('|'), 'gu');
}
