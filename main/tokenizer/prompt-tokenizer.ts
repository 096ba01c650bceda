/** What drawing needs of a tokenizer, CLIP's or T5's. */
export interface PromptTokenizer {
  /** Tokens in a row, begin and end included. */
  readonly modelMaxLength: number;
  readonly vocabularySize: number;
  /** The tokens of any text, without begin, end and padding. Never throws: any string has tokens, perhaps none. */
  encode(text: string): readonly { readonly id: number }[];
  /** True for the token of a comma alone: a long text is cut after one. Throws `prompt-invalid` for an id outside the vocabulary. */
  isComma(id: number): boolean;
  /** A row a text, [texts, maxLength] int64 flattened: begin where the model has one, the ids that fit, end, padding. `maxLength` counts all of them. */
  toModelInputs(texts: readonly (readonly number[])[], options: { readonly maxLength: number }): BigInt64Array;
}
