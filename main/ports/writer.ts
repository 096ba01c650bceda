/** One turn of a talk with a language model. */
export interface WriterMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** PNGs that are shown before the text; only to a model that sees. */
  readonly pictures?: readonly Uint8Array[];
}

/** What a language model is asked for. */
export interface WriteOrder {
  readonly system: string;
  readonly messages: readonly WriterMessage[];
  /** The form of the answer, as a JSON schema. */
  readonly form: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

/** The end of an answer. */
export interface Written {
  readonly text: string;
  /** False where the answer was cut off at its most tokens. */
  readonly isWhole: boolean;
  /** Whether the server was held to the form; else the form was only asked for in words. */
  readonly isFormed: boolean;
  /** As the server counted; null where it does not say. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
}

/**
 * A language model. Gives the pieces of its answer as they come and returns the whole. Rejects with the signal's reason when cancelled, and
 * with StudioError `writer-refused`, `writer-limited`, `answer-unreadable`, or as `Network.ask` does.
 */
export interface Writer {
  write(order: WriteOrder, signal: AbortSignal): AsyncGenerator<string, Written, void>;
}
