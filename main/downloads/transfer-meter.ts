/** How far a transfer is and how fast it goes. */
export interface TransferProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; null before there is anything to tell. */
  readonly bytesPerSecond: number | null;
  readonly remainingMs: number | null;
}

/** Over how long the speed is taken: a network goes in bursts. */
const WINDOW_MS = 10_000;
const LEAST_MS = 500;

/** Counts bytes of any number of files as they come. */
export class TransferMeter {
  readonly #clock: () => number;
  readonly #totalBytes: number;
  #doneBytes: number;
  #samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** @param doneBytes what was here before: it says nothing of the speed. */
  constructor(totalBytes: number, doneBytes: number, clock: () => number) {
    this.#clock = clock;
    this.#totalBytes = totalBytes;
    this.#doneBytes = doneBytes;
    this.#samples.push({ atMs: clock(), bytes: 0 });
  }

  /** @param bytes came; below 0 where some had to be dropped */
  add(bytes: number): void {
    this.#doneBytes += bytes;
    const atMs = this.#clock();
    this.#samples.push({ atMs, bytes: Math.max(0, bytes) });
    const from = atMs - WINDOW_MS;
    if ((this.#samples[0]?.atMs ?? from) < from) this.#samples = this.#samples.filter((sample) => sample.atMs >= from);
  }

  get progress(): TransferProgress {
    const spanMs = this.#clock() - (this.#samples[0]?.atMs ?? 0);
    // The first sample marks when the span begins; its bytes came before that.
    const bytes = this.#samples.slice(1).reduce((sum, sample) => sum + sample.bytes, 0);
    const bytesPerSecond = spanMs < LEAST_MS || bytes === 0 ? null : (bytes * 1000) / spanMs;
    const left = this.#totalBytes - this.#doneBytes;
    return {
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
      bytesPerSecond,
      remainingMs: bytesPerSecond === null ? null : Math.round((left * 1000) / bytesPerSecond),
    };
  }
}
