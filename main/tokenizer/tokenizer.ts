import type { PromptTokenizer } from './prompt-tokenizer.ts';

/** One token of a text, with the characters it came from. */
export interface TokenSpan {
  readonly id: number;
  /** The token's own characters (normalised, lower case), without the end-of-word mark; bytes that are no whole character show as U+FFFD. */
  readonly text: string;
  /** True when the token ends a word: CLIP's `</w>`. */
  readonly endsWord: boolean;
  /** UTF-16 indices into the text given to `encode`, end exclusive. Tokens that share a character share its range. */
  readonly start: number;
  readonly end: number;
}

/** Text ↔ token ids of one vocabulary. */
export interface Tokenizer extends PromptTokenizer {
  /** Begins every row of model input. */
  readonly bosId: number;
  /** Ends the tokens of every row; the text encoder pools here. */
  readonly eosId: number;
  /** Fills a row after `eosId`. CLIP ViT-L pads with the end token, OpenCLIP with id 0. */
  readonly padId: number;
  /** The tokens of any text, without begin, end and padding. Never throws: any string has tokens, perhaps none. */
  encode(text: string): TokenSpan[];
  /** The words of the tokens with a space after each; special tokens are left out. Throws `prompt-invalid` for an id outside the vocabulary. */
  decode(ids: readonly number[]): string;
  /** Whether the vocabulary has this id. */
  hasToken(id: number): boolean;
  tokenText(id: number): { readonly text: string; readonly endsWord: boolean };
}
