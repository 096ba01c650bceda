import type { Lane } from './provider.ts';

/** A language model that sees. */
interface Captioner {
  /** By its connection and its name, as texts that it wrote say. */
  readonly model: string;
  /**
   * What a picture shows, in about so many words at most.
   *
   * @param picture the bytes of a PNG
   * @throws StudioError `answer-unreadable`; as Writer.write does
   */
  describe(picture: Uint8Array, words: number, signal: AbortSignal): Promise<string>;
}

/** The language models that a person connected and lets see, by the ids of their connections. */
export interface Captioners {
  /** Where a model's work waits; also for a connection that was removed, whose work fails when it begins. */
  laneOf(connectionId: string): Lane;
  /** @throws StudioError `not-found`, `bad-request` for a connection that is shown no pictures, `writer-limited` */
  open(connectionId: string): Captioner;
}
