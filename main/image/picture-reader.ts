import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { StoredImage } from '../../contract/library.ts';
import type { MetadataReading } from '../../contract/texts/metadata.ts';
import type { ImageInput } from '../../contract/models/pack.ts';
import { defaultImageLimits } from './image-limits.ts';
import type { ImageLimits } from './image-limits.ts';
import { PictureLane } from './picture-lane.ts';
import type { PendingOrder } from './picture-lane.ts';
import type { FileOrPixels, PictureAnswer, PictureFile, PictureOrder, PictureResult } from './picture-orders.ts';
import type { Pixels } from './pixels.ts';
import type { PictureProcessLimits } from './start-picture-process.ts';

export interface PictureReaderOptions extends Partial<PictureProcessLimits> {
  /** Processes side by side at most. Default 1. */
  readonly mostProcesses?: number;
  /**
   * Orders one process is given before it answers, at most. Default 4, as many as it works on at once; more for a caller that is
   * too busy to hand on the next one in time.
   */
  readonly mostAhead?: number;
  /** A process without an order for so long is ended, and its memory given back. */
  readonly idleMs?: number;
  /** A process that says nothing for so long is ended. */
  readonly silenceLimitMs?: number;
  readonly compileCacheFolder?: string | null;
}

/** Of one picture. */
export interface ReadOptions {
  readonly limits?: ImageLimits;
  /** How messages call it. Default: the name of its file, or "The picture". */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Source = PictureFile['source'];
type ResultOf<Kind extends PictureResult['kind']> = Extract<PictureResult, { kind: Kind }>;

const defaults = {
  mostProcesses: 1,
  mostAhead: 4,
  idleMs: 60_000,
  silenceLimitMs: 60_000,
  timeLimitMs: 60_000,
  // The largest picture the limits on pixels let through needs up to 1.5 GB in the worst form it can have.
  memoryLimitBytes: Math.min(2 * 1024 ** 3, totalmem() / 2),
  standsBack: false,
  compileCacheFolder: null,
};

/**
 * Reads pictures, and writes them, in processes of their own: what is wrong with a file can take all the time and memory it wants,
 * or the process with it, and costs that picture alone. Nothing is started before the first order. An order whose signal is
 * aborted rejects at once with the signal's reason, and what it was doing is ended.
 *
 * Every method throws StudioError image-unreadable, image-unsupported, image-too-large, image-too-small, file-unreadable and
 * memory-exceeded, as `decode/decode-image.ts` does and where a limit of a process was reached.
 */
export class PictureReader {
  readonly #options: Required<PictureReaderOptions>;
  readonly #lanes = new Set<PictureLane>();
  readonly #waiting: PendingOrder[] = [];
  #orders = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PictureReaderOptions = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** What the library keeps about a picture: size (upright), format by content, thumbhash. The whole picture is decoded. */
  async readFacts(
    source: Source,
    options?: ReadOptions,
  ): Promise<Pick<StoredImage, 'width' | 'height' | 'mediaType' | 'thumbhash'>> {
    return (await this.#run({ kind: 'facts', file: describe(source, options) }, options)).facts;
  }

  /** A picture of exactly this size. Its pixels are a quarter of the bytes that a model's input would be to send. */
  async fit(
    source: Source | Pixels,
    { width, height, resample, fit: way }: Pick<ImageInput, 'width' | 'height' | 'resample' | 'fit'>,
    options?: ReadOptions,
  ): Promise<Pixels> {
    const fit = { width, height, resample, fit: way };
    return (await this.#run({ kind: 'fit', file: describe(source, options), fit }, options)).pixels;
  }

  /** A small WebP copy. */
  async makeThumbnail(source: Source, options?: ReadOptions): Promise<Uint8Array> {
    return (await this.#run({ kind: 'thumbnail', file: describe(source, options) }, options)).bytes;
  }

  /**
   * Writes a PNG of what is read in the picture to `target`, unless browsers show the picture so anyway. Also throws disk-full and
   * file-unwritable.
   *
   * @returns whether it was written
   */
  async writeShownCopy(source: Source, target: string, options?: ReadOptions): Promise<boolean> {
    return (await this.#run({ kind: 'shown', file: describe(source, options), target }, options)).written;
  }

  /** The bytes of a PNG, lossless, tagged sRGB. The same pixels give the same bytes. */
  async encodePng({ width, height, channels, data }: Pixels, options?: Pick<ReadOptions, 'signal'>): Promise<Uint8Array> {
    return (await this.#run({ kind: 'png', pixels: { width, height, channels, data } }, options)).bytes;
  }

  /** How the picture was made, as its file says; its pixels are not decoded. */
  async readMetadata(source: Source, options?: ReadOptions): Promise<MetadataReading> {
    return (await this.#run({ kind: 'metadata', file: describe(source, options) }, options)).reading;
  }

  /** The file without its texts, places and previews, and the names of what was taken out; its pixels stay bit for bit. */
  async strip(
    source: Source,
    options?: ReadOptions,
  ): Promise<{ readonly bytes: Uint8Array; readonly removed: readonly string[] }> {
    return this.#run({ kind: 'strip', file: describe(source, options) }, options);
  }

  /** Starts a process if there is none, for a caller that will need one in a moment. */
  warm(): void {
    if (this.#lanes.size === 0 && !this.#closed) this.#addLane();
  }

  /** Ends what runs; whoever waits hears that nothing is read any more. Resolves when no process is left that writes anywhere. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const waiting of this.#waiting.splice(0)) waiting.fail(closedError());
    await Promise.all([...this.#lanes].map((lane) => lane.close()));
  }

  async #run<Kind extends PictureResult['kind']>(
    order: Extract<PictureOrder, { kind: Kind }>,
    options: ReadOptions = {},
  ): Promise<ResultOf<Kind>> {
    const answer = await this.#ask(order, options);
    if ('error' in answer) throw StudioError.fromBody(answer.error);
    if ('fault' in answer) throw new Error(answer.fault);
    if (!isOfKind(answer.result, order.kind)) throw new TypeError(`asked for ${order.kind}, got ${answer.result.kind}`);
    return answer.result;
  }

  #ask(order: PictureOrder, { signal, name }: ReadOptions): Promise<PictureAnswer> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    return new Promise((resolve, reject) => {
      this.#orders += 1;
      const orderId = this.#orders;
      const leave = (): void => {
        pending.abandoned = true;
        this.#forget(orderId);
        pending.fail(signal?.reason);
      };
      const pending: PendingOrder = {
        orderId,
        order,
        name: 'file' in order ? order.file.name : (name ?? 'The picture'),
        alone: false,
        abandoned: false,
        answer: (answer) => {
          signal?.removeEventListener('abort', leave);
          resolve(answer);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(pending);
      this.#handOut();
    });
  }

  #forget(orderId: number): void {
    const place = this.#waiting.findIndex((waiting) => waiting.orderId === orderId);
    if (place >= 0) this.#waiting.splice(place, 1);
    for (const lane of this.#lanes) lane.cancel(orderId);
  }

  /** In order. One that is tried alone waits for a process with nothing in hand, and what came after it waits behind. */
  #handOut(): void {
    clearTimeout(this.#idle);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const lane = this.#findRoom(next);
      if (lane === null) return;
      this.#waiting.shift();
      lane.take(next);
    }
    if ([...this.#lanes].every(({ size }) => size === 0))
      this.#idle = setTimeout(() => this.#endIdle(), this.#options.idleMs).unref();
  }

  #findRoom({ alone }: PendingOrder): PictureLane | null {
    const most = alone ? 0 : this.#options.mostAhead - 1;
    const open = [...this.#lanes].filter((lane) => lane.size <= most && lane.isOpen);
    const [emptiest] = open.toSorted((a, b) => a.size - b.size);
    if (emptiest !== undefined) return emptiest;
    return this.#lanes.size < this.#options.mostProcesses && !this.#closed ? this.#addLane() : null;
  }

  #addLane(): PictureLane {
    const lane = new PictureLane({
      ...this.#options,
      onRoom: () => this.#handOut(),
      onEnd: (ended, again) => {
        this.#lanes.delete(ended);
        if (this.#closed) for (const order of again) order.fail(closedError());
        else this.#waiting.unshift(...again);
        this.#handOut();
      },
    });
    this.#lanes.add(lane);
    return lane;
  }

  #endIdle(): void {
    for (const lane of this.#lanes) void lane.close();
    this.#lanes.clear();
  }
}

function describe<Given extends Source | Pixels>(
  source: Given,
  { limits, name }: ReadOptions = {},
): Omit<FileOrPixels, 'source'> & { readonly source: Given } {
  const called = name ?? (typeof source === 'string' ? basename(source) : 'The picture');
  return { source, name: called, limits: limits ?? defaultImageLimits };
}

function isOfKind<Kind extends PictureResult['kind']>(result: PictureResult, kind: Kind): result is ResultOf<Kind> {
  return result.kind === kind;
}

function closedError(): StudioError {
  return new StudioError('file-unreadable', 'The studio is closing and reads no more pictures.', 'Open it again.');
}
