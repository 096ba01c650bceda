import { join } from 'node:path';
import type { Emphasis } from '../../contract/recipe.ts';
import { loadT5Tokenizer } from '../tokenizer/load-t5-tokenizer.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import type { PromptTokenizer } from '../tokenizer/prompt-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WeightedToken } from './chunk-tokens.ts';
import type { TextEncoderRule } from './families/decoder-family.ts';
import type { PromptInput } from './generate-request.ts';
import type { DecoderConfig } from './read-decoder-folder.ts';

/** A text as two encoders may be given it. */
export interface TextPrompts {
  readonly first: PromptInput;
  /** Null: the same. */
  readonly second: PromptInput | null;
  readonly isNegative: boolean;
  /** Layers that are left out at the end of the CLIP encoders besides those the family leaves out. */
  readonly clipSkip: number;
  readonly emphasis: Emphasis;
}

/** Reads a prompt into the tokens of every text encoder of a folder. Ids are those of the first; the others get the same, or its words. */
export class PromptReader {
  /** Of the first text encoder. */
  readonly tokenizer: Tokenizer;
  readonly #others: ReadonlyMap<string, PromptTokenizer>;

  private constructor(tokenizer: Tokenizer, others: ReadonlyMap<string, PromptTokenizer>) {
    this.tokenizer = tokenizer;
    this.#others = others;
  }

  /** Throws `pack-file-missing` or `pack-invalid`. */
  static async open({ folder, textEncoders }: Pick<DecoderConfig, 'folder' | 'textEncoders'>): Promise<PromptReader> {
    const [tokenizer, ...others] = await Promise.all([
      loadTokenizer(join(folder, 'tokenizer')),
      ...textEncoders
        .filter((rule) => rule.tokenizer !== 'tokenizer')
        .map(async (rule): Promise<[string, PromptTokenizer]> => {
          const load = rule.kind === 't5' ? loadT5Tokenizer : loadTokenizer;
          return [rule.tokenizer, await load(join(folder, rule.tokenizer))];
        }),
    ]);
    return new PromptReader(tokenizer, new Map(others));
  }

  tokenizerOf(rule: Pick<TextEncoderRule, 'tokenizer'>): PromptTokenizer {
    return this.#others.get(rule.tokenizer) ?? this.tokenizer;
  }

  /** The tokens of the first text encoder. */
  tokensOf(prompt: PromptInput): WeightedToken[] {
    if ('text' in prompt) return this.tokenizer.encode(prompt.text).map(({ id }) => ({ id, weight: 1 }));
    return prompt.tokenIds.map((id, index) => ({ id, weight: prompt.tokenWeights?.[index] ?? 1 }));
  }

  tokensFor(rule: TextEncoderRule, { first, second }: TextPrompts): WeightedToken[] {
    const prompt = rule.reads === 'first' ? first : (second ?? first);
    const tokenizer = this.tokenizerOf(rule);
    if (tokenizer === this.tokenizer) return this.tokensOf(prompt);
    if ('text' in prompt) return tokenizer.encode(prompt.text).map(({ id }) => ({ id, weight: 1 }));
    const tokens = this.tokensOf(prompt);
    // The CLIP encoders of a family share their vocabulary; the second pads otherwise.
    if (rule.kind === 'clip' && tokenizer.vocabularySize === this.tokenizer.vocabularySize) return tokens;
    return this.#equallyWeighted(tokens).flatMap(({ ids, weight }) =>
      tokenizer.encode(this.tokenizer.decode(ids)).map(({ id }) => ({ id, weight })),
    );
  }

  /** Neighbours of one weight, together: their words are cut anew as one text. */
  #equallyWeighted(tokens: readonly WeightedToken[]): { readonly ids: number[]; readonly weight: number }[] {
    const runs: { readonly ids: number[]; readonly weight: number }[] = [];
    for (const { id, weight } of tokens) {
      const last = runs.at(-1);
      if (last?.weight === weight) last.ids.push(id);
      else runs.push({ ids: [id], weight });
    }
    return runs;
  }
}
