/** Squares that a large picture is decoded in, in latents along one side. */
export interface Tiling {
  readonly side: number;
  /** What neighbours have in common at least; the picture fades from one to the other there. */
  readonly overlap: number;
}

/** A part of a picture's latents. */
export interface Tile {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Tiles that cover latents of this size, all equally large, row by row. */
export function planTiles(height: number, width: number, tiling: Tiling): Tile[] {
  const rows = startsOf(height, tiling);
  const columns = startsOf(width, tiling);
  const size = { height: Math.min(height, tiling.side), width: Math.min(width, tiling.side) };
  return rows.flatMap((top) => columns.map((left) => ({ top, left, ...size })));
}

/** Evenly spread, so that no tile is a narrow rest. */
function startsOf(length: number, { side, overlap }: Tiling): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - overlap) / (side - overlap));
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - side)) / (count - 1)));
}

/** The same tile of a picture that is `factor` times as large. */
export function scaleTile({ top, left, height, width }: Tile, factor: number): Tile {
  return { top: top * factor, left: left * factor, height: height * factor, width: width * factor };
}

/** Latents of one tile, [channels, height, width], out of those of a picture of `size`. */
export function cutTile(
  latents: Float32Array,
  size: { readonly height: number; readonly width: number },
  tile: Tile,
): Float32Array {
  const channels = latents.length / (size.height * size.width);
  const cut = new Float32Array(channels * tile.height * tile.width);
  for (let row = 0; row < channels * tile.height; row += 1) {
    const channel = Math.floor(row / tile.height);
    const from = (channel * size.height + tile.top + (row % tile.height)) * size.width + tile.left;
    cut.set(latents.subarray(from, from + tile.width), row * tile.width);
  }
  return cut;
}

/**
 * Puts decoded tiles together to one picture. Each counts less towards its edges, over `fade` pixels, and what several tiles say of a pixel is
 * their weighted mean, so that no edge shows.
 */
export class TiledPicture {
  readonly #width: number;
  readonly #channels: number;
  readonly #sums: Float32Array;
  readonly #weights: Float32Array;

  /** Size in pixels. */
  constructor(channels: number, height: number, width: number) {
    this.#width = width;
    this.#channels = channels;
    this.#sums = new Float32Array(channels * height * width);
    this.#weights = new Float32Array(height * width);
  }

  /** Adds planes [channels, height, width] of a tile, whose place and size are in pixels. */
  add(planes: Float32Array, { top, left, height, width }: Tile, fade: number): void {
    const [down, across] = [rampOf(height, fade), rampOf(width, fade)];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const weight = (down[y] ?? 0) * (across[x] ?? 0);
        const at = (top + y) * this.#width + left + x;
        this.#weights[at] = (this.#weights[at] ?? 0) + weight;
        for (let channel = 0; channel < this.#channels; channel += 1) {
          const place = channel * this.#weights.length + at;
          this.#sums[place] = (this.#sums[place] ?? 0) + weight * (planes[(channel * height + y) * width + x] ?? 0);
        }
      }
    }
  }

  /** [channels, height, width]; every pixel must have been covered. */
  take(): Float32Array {
    const area = this.#weights.length;
    return this.#sums.map((sum, index) => sum / (this.#weights[index % area] ?? 1));
  }
}

/** Weights along one side of a tile: rising over `fade` pixels, and falling as many before the end. */
function rampOf(length: number, fade: number): Float32Array {
  return Float32Array.from({ length }, (_, place) => Math.min(1, (place + 0.5) / fade, (length - place - 0.5) / fade));
}
