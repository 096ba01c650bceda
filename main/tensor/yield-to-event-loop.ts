/**
 * Lets waiting messages and timers in before the next model run. A run blocks its thread, so a loop that calls this between
 * runs sees a cancel that arrived during the last one. Costs some tens of microseconds.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
