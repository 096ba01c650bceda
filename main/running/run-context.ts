/** What a long call is doing. `fraction` is 0..1 over the call and never falls. */
export interface Progress {
  readonly fraction: number;
  readonly phase:
    'waiting' | 'loading' | 'encoding' | 'denoising' | 'decoding' | 'scoring' | 'saving' | 'downloading' | 'converting';
  readonly step: number;
  readonly steps: number;
  /** Of waiting at a server: how much goes before. */
  readonly ahead?: number;
  /** Of a transfer, over its last seconds. */
  readonly bytesPerSecond?: number;
  /** Of a search for words: the best text so far. */
  readonly text?: string;
  /** The part of `fraction` that was done before this call began, when it goes on with earlier work: it says nothing of the speed. */
  readonly doneBefore?: number;
}

/**
 * What every long call receives. The signal is checked between model runs, because a run itself cannot be
 * interrupted; a call that sees it aborted throws the signal's reason.
 */
export interface RunContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly log: (message: string) => void;
}

/** A context nobody listens to: for calls that are short or already reported elsewhere. */
export const quietContext: RunContext = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  log: () => undefined,
};
