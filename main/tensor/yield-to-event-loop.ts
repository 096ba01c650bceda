/**
 * Lets waiting messages and timers in before the next model run. A run blocks its thread, so a loop that calls this between
 * runs sees a cancel that arrived during the last one. Costs some tens of microseconds.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** For before each run of many: others get their turn, and a cancel is seen. */
export function pauseFor(signal: AbortSignal): () => Promise<void> {
  return async () => {
    await yieldToEventLoop();
    signal.throwIfAborted();
  };
}
