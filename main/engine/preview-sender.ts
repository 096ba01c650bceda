import type { PictureReader } from '../image/picture-reader.ts';
import type { Preview, PreviewSink } from '../text-to-image/generate-request.ts';

/** More than a person sees, and a preview may cost as much as a step. */
const shortestPauseMs = 80;

/** Encodes previews beside the denoising and sends them in order, not more often than somebody can look at them. */
export class PreviewSender implements PreviewSink {
  readonly #pictures: PictureReader;
  readonly #send: (preview: Preview, png: Uint8Array) => void;
  #shownMs = Number.NEGATIVE_INFINITY;
  #shownPicture: number | null = null;
  #encoding: Promise<void> = Promise.resolve();

  constructor(pictures: PictureReader, send: (preview: Preview, png: Uint8Array) => void) {
    this.#pictures = pictures;
    this.#send = send;
  }

  /** A picture that was not shown yet does not wait for the one before it. */
  wants(_step: number, pictureIndex: number): boolean {
    return pictureIndex !== this.#shownPicture || performance.now() - this.#shownMs >= shortestPauseMs;
  }

  show(preview: Preview): void {
    this.#shownMs = performance.now();
    this.#shownPicture = preview.pictureIndex;
    const png = this.#pictures.encodePng(preview.image);
    this.#encoding = this.#encoding.then(async () => this.#send(preview, await png));
    // Looked at in `finish`; a rejection before that must not end the process.
    this.#encoding.catch(() => undefined);
  }

  /** Resolves when every preview was sent. */
  finish(): Promise<void> {
    return this.#encoding;
  }
}
