/** A picture in memory: 8-bit sRGB, row-major, red, green and blue interleaved. `data.length` is width × height × 3. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
  readonly data: Uint8Array;
}
