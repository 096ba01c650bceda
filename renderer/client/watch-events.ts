import type { StudioEvent } from '../../contract/events.ts';
import type { StudioClient } from '../../contract/methods.ts';

export interface EventWatcher {
  onEvent(event: StudioEvent): void;
  /** The stream ended or never began; the next try is in `retryInMs`. */
  onLost(reason: unknown, retryInMs: number): void;
  onTrying(): void;
}

const firstRetryMs = 400;
const longestRetryMs = 8000;

/** Sleeps, or returns at once when woken (a person pressed "try now") or stopped. */
function pause(durationMs: number, wake: EventTarget, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      wake.removeEventListener('retry', finish);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    wake.addEventListener('retry', finish);
    signal.addEventListener('abort', finish);
  });
}

/**
 * Keeps one event stream open until `signal` aborts, and opens it again with doubling pauses when it breaks.
 * Dispatch `retry` on `wake` to skip the pause.
 */
export async function watchEvents(
  client: StudioClient,
  watcher: EventWatcher,
  wake: EventTarget,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = firstRetryMs;
  // A call, because it changes while this waits.
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    let reason: unknown = new TypeError('network error: the stream of events ended');
    try {
      watcher.onTrying();
      for await (const event of await client.studio.events(undefined, { signal })) {
        retryMs = firstRetryMs;
        watcher.onEvent(event);
      }
    } catch (failure) {
      reason = failure;
    }
    if (!stopped()) {
      watcher.onLost(reason, retryMs);
      await pause(retryMs, wake, signal);
    }
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}
