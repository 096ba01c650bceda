/**
 * Lets waiting messages and timers in before the next model run. A run blocks its thread, so a loop that calls this between
 * runs sees a cancel that arrived during the last one. Costs some tens of microseconds.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Long enough that the turns of many short runs cost nothing, short enough that nobody waits for one. */
const BETWEEN_PAUSES_MS = 20;

/** For before each run of many: others get their turn after each long run and after several short ones, and a cancel is seen. */
export function pauseFor(signal: AbortSignal): () => Promise<void> {
  let pausedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - pausedMs >= BETWEEN_PAUSES_MS) {
      await yieldToEventLoop();
      pausedMs = performance.now();
    }
    signal.throwIfAborted();
  };
}
