import { elementCount } from '../../tensor/assert-shape.ts';

/** What denoisers that were trained to fill in are shown beside the latents: [pictures, channels, height, width] flattened. */
export interface ShownChannels {
  readonly channels: number;
  readonly data: Float32Array;
}

type Shape = readonly [number, number, number, number];

/** What such a denoiser takes: latents [rows, channels, height, width], each row with what is shown beside it. Rows repeat the pictures once a text. */
export class WideSample {
  readonly shape: Shape;
  readonly data: Float32Array;
  readonly #each: number;
  readonly #wideEach: number;

  constructor([count, channels, height, width]: Shape, shown: ShownChannels) {
    this.shape = [count, channels + shown.channels, height, width];
    this.data = new Float32Array(elementCount(this.shape));
    this.#each = channels * height * width;
    const shownEach = shown.channels * height * width;
    this.#wideEach = this.#each + shownEach;
    const pictures = shown.data.length / shownEach;
    for (let row = 0; row < count; row += 1) {
      const picture = row % pictures;
      this.data.set(shown.data.subarray(picture * shownEach, (picture + 1) * shownEach), row * this.#wideEach + this.#each);
    }
  }

  fill(latents: Float32Array): void {
    for (let row = 0; row < this.shape[0]; row += 1)
      this.data.set(latents.subarray(row * this.#each, (row + 1) * this.#each), row * this.#wideEach);
  }
}
