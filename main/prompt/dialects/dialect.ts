import type { Budget, ExportOptions } from '../../../contract/texts/prompt.ts';

/** A word of the running text with its emphasis, 0..2; 1 is neutral. It holds no white space and no control characters. */
export interface WeightedWord {
  readonly text: string;
  readonly weight: number;
}

export interface DialectInput {
  readonly words: readonly WeightedWord[];
  readonly options: ExportOptions;
  readonly budget: Budget;
}

/** What a target takes, and sentences for the artist on what it would cut, ignore or change. */
export interface DialectOutput {
  readonly text: string;
  /** What a second text of the tool takes, where it has one and something is cut from the first. */
  readonly second?: string;
  readonly notes: readonly string[];
}

/** One target's way of writing a prompt. */
export type WriteDialect = (input: DialectInput) => DialectOutput;
