import { pixelsToPng } from '../image/pixels-to-png.ts';
import type { Preview, PreviewSink } from '../text-to-image/generate-request.ts';

/** More than a person sees, and a preview may cost as much as a step. */
const shortestPauseMs = 80;

/** Encodes previews beside the denoising and sends them in order, not more often than somebody can look at them. */
export class PreviewSender implements PreviewSink {
  readonly #send: (step: number, png: Uint8Array) => void;
  #shownMs = Number.NEGATIVE_INFINITY;
  #encoding: Promise<void> = Promise.resolve();

  constructor(send: (step: number, png: Uint8Array) => void) {
    this.#send = send;
  }

  wants(): boolean {
    return performance.now() - this.#shownMs >= shortestPauseMs;
  }

  show({ step, image }: Preview): void {
    this.#shownMs = performance.now();
    const png = pixelsToPng(image);
    this.#encoding = this.#encoding.then(async () => this.#send(step, await png));
    // Looked at in `finish`; a rejection before that must not end the process.
    this.#encoding.catch(() => undefined);
  }

  /** Resolves when every preview was sent. */
  finish(): Promise<void> {
    return this.#encoding;
  }
}
