import type { RunContext } from '../running/run-context.ts';
import type { Lane } from './lane.ts';

/** A picture as a captioner is shown it: the bytes of a PNG, and its sides in pixels. */
export interface ShownPicture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A model that says what a picture shows. */
export interface Captioner {
  /** By its connection or its pack, and its name, as texts that it wrote say. */
  readonly model: string;
  /**
   * What a picture shows, in about so many words at most.
   *
   * @throws StudioError `answer-unreadable`; as Writer.write does, or as the calls of a Provider
   */
  describe(picture: ShownPicture, words: number, context: RunContext): Promise<string>;
}

/** The language models that a person connected and lets see, by the ids of their connections, and the packs that write captions, by theirs. */
export interface Captioners {
  /** Where a model's work waits; also for a connection that was removed, whose work fails when it begins. */
  laneOf(id: string): Lane;
  /** @throws StudioError `not-found`, `bad-request` for a connection that is shown no pictures, `pack-role-missing`, `writer-limited` */
  open(id: string): Promise<Captioner>;
}
