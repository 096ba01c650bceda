import type { Progress } from '../run-context.ts';

/** Thirty a second: more than a person sees, and a message to the host can cost as much as a twentieth of a small model's step. */
const shortestPauseMs = 33;

/** Lets through what begins a phase, what ends the call, and in between no more than somebody can look at. `now` is in milliseconds. */
export function thinProgress(send: (progress: Progress) => void, now: () => number): (progress: Progress) => void {
  let sentMs = Number.NEGATIVE_INFINITY;
  let phase: Progress['phase'] | null = null;
  return (progress) => {
    const isDue = progress.phase !== phase || progress.fraction >= 1 || now() - sentMs >= shortestPauseMs;
    if (!isDue) return;
    phase = progress.phase;
    sentMs = now();
    send(progress);
  };
}
