/** Time spent inside native model runs of this process, so that the cost of everything around them can be measured. */
export interface InferenceClock {
  /** Total since the process started, in milliseconds. */
  readonly elapsedMs: number;
  readonly runs: number;
  add(runMs: number): void;
}

/** The one clock of a process: runs of all sessions block the same thread, so their times never overlap. */
export const inferenceClock: InferenceClock = createInferenceClock();

function createInferenceClock(): InferenceClock {
  let elapsedMs = 0;
  let runs = 0;
  return {
    get elapsedMs() {
      return elapsedMs;
    },
    get runs() {
      return runs;
    },
    add(runMs) {
      elapsedMs += runMs;
      runs += 1;
    },
  };
}
