import type { StudioError } from '../../contract/errors.ts';
import type { Lane } from '../ports/lane.ts';
import type { RunContext } from '../running/run-context.ts';

/** What a job's handler receives: a run context, and a place for the picture as it forms. */
export interface JobContext extends RunContext {
  /** Of the lanes that would have done, the one it runs in. */
  readonly lane: Lane;
  /** 1 at the first start. */
  readonly attempt: number;
  /** Shows encoded image bytes (PNG, JPEG or WebP) as the job's newest preview. They are kept in memory only. */
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
  /** True while a job that goes before this one waits for the lane: a long job that can go on later then ends as YIELDED. */
  readonly isLaneWanted: () => boolean;
  /** Says that work was kept which another start will not do again: a death from here on counts as the first. */
  readonly onKept: () => void;
  /**
   * Says that what is begun now must not be begun again by itself: where the studio ends before the job does, the job has failed with
   * this, and one that a person stops says it. Throws StudioError disk-full or file-unwritable where that cannot be kept; then it must not be begun at all.
   */
  readonly onBegunForGood: (brokenOff: StudioError) => void;
}
